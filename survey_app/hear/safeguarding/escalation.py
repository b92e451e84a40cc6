"""Escalation: an alert that nobody takes on reaches a second address; out of hours it goes there at once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind
from survey_app.clock import LONDON
from survey_app.crypto import Keys
from survey_app.hear.safeguarding.tables import Alert, AlertState
from survey_app.settings import Settings

PATIENCE = dt.timedelta(minutes=15)
OPENS, CLOSES = dt.time(9), dt.time(17)
SATURDAY = 5

SUBJECT = "Nobody has taken on an alert yet: please look now"
BODY = """Someone who was sent a survey by {service} wrote a text that may mean they need help.
No one has taken the alert on yet.

Received: {at} UTC

They were sent the numbers to call. Please sign in, read what they wrote and decide what to do:
{base_url}/workspace/alerts

This e-mail leaves out their words and their number on purpose.
"""


def is_office_time(at: dt.datetime) -> bool:
    """Tell whether the people on call are at work: Monday to Friday, nine to five, by their clocks."""
    local = at.astimezone(LONDON)
    return local.weekday() < SATURDAY and OPENS <= local.time() < CLOSES


def escalate(session: Session, now: dt.datetime, *, keys: Keys, settings: Settings) -> int:
    """Write to the second address about each alert that waits too long, once; return how many."""
    late = session.execute(_waiting(now)).all()
    return sum(write(session, source, at, keys=keys, settings=settings, now=now) for source, at in late)


def is_waiting(session: Session, now: dt.datetime) -> bool:
    """Tell whether an alert has waited too long; cheap enough to ask twice a minute."""
    return session.execute(_waiting(now).limit(1)).first() is not None


def write(
    session: Session, source: str, raised_at: dt.datetime, *, keys: Keys, settings: Settings, now: dt.datetime
) -> bool:
    """Queue the second e-mail about one alert; False where it was written before."""
    outgoing = Outgoing(
        key=_key(source),
        kind=MessageKind.ALERT,
        medium=Medium.EMAIL,
        address=settings.escalation_email or settings.on_call_email,
        body=BODY.format(
            service=settings.service_name,
            at=raised_at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M"),
            base_url=settings.public_base_url,
        ),
        not_before=now,
        subject=SUBJECT,
    )
    return queue(session, outgoing, keys=keys, now=now)


def _waiting(now: dt.datetime) -> sa.Select[str, dt.datetime]:
    written = sa.exists().where(Message.key == sa.literal("alert2:").concat(Alert.source))
    late = sa.and_(Alert.state == AlertState.RAISED, Alert.raised_at <= now - PATIENCE, ~written)
    return sa.select(Alert.source, Alert.raised_at).where(late).order_by(Alert.id)


def _key(source: str) -> str:
    return f"alert2:{source}"

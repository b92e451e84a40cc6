"""Telling the people on call: an e-mail without words or number, and a trace of who was written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.clock import LONDON
from survey_app.crypto import Keys
from survey_app.hear.safeguarding.ladder import climbs_at, first_told, next_told
from survey_app.hear.safeguarding.tables import Alert, AlertEvent, AlertState, AlertStep
from survey_app.settings import Settings

SUBJECT = "Someone may need help: please look now"
STILL_OPEN = "Nobody has taken this on yet: someone may need help"
BODY = """Someone who was sent a survey by {service} wrote something that may mean they need help.

Kind: {kind}
Received: {at}
{so_far}
They were sent the numbers to call. Please sign in, read what they wrote and decide what to do:
{base_url}/workspace/alerts

This e-mail leaves out their words and their number on purpose.
"""


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling needs."""

    session: Session
    keys: Keys
    settings: Settings
    now: dt.datetime


def tell_first(teller: Teller, alert: Alert) -> None:
    """Write to the people on call, and set the time at which the alert climbs."""
    for address in first_told(alert.kind, teller.now, teller.settings):
        _write(teller, alert, address, AlertStep.TOLD)
    alert.escalates_at = climbs_at(teller.now, 0)


def any_due(session: Session, now: dt.datetime) -> bool:
    """Tell whether an alert has waited too long."""
    return session.execute(sa.select(Alert.id).where(_due(now)).limit(1)).first() is not None


def any_waiting(session: Session, *, since: dt.datetime) -> bool:
    """Tell whether an alert that was raised by an instant has still been taken on by nobody."""
    waiting = sa.select(Alert.id).where(Alert.state == AlertState.RAISED, Alert.raised_at <= since)
    return session.execute(waiting.limit(1)).first() is not None


def escalate(teller: Teller) -> int:
    """Write again, and to more people, about alerts nobody took on in time; return how many those were."""
    waiting: Sequence[Alert] = teller.session.scalars(
        sa.select(Alert).where(_due(teller.now)).order_by(Alert.id).with_for_update()
    ).all()
    for alert in waiting:
        alert.n_escalated += 1
        for address in next_told(teller.settings):
            _write(teller, alert, address, AlertStep.ESCALATED)
        alert.escalates_at = climbs_at(teller.now, alert.n_escalated)
    return len(waiting)


def _due(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Alert.state == AlertState.RAISED, Alert.escalates_at <= now)


def _write(teller: Teller, alert: Alert, address: str, step: AlertStep) -> None:
    minutes = int((teller.now - alert.raised_at).total_seconds() // 60)
    late = step is AlertStep.ESCALATED
    body = BODY.format(
        service=teller.settings.service_name,
        kind=alert.kind.value,
        at=f"{alert.raised_at.astimezone(LONDON):%d %B %Y, %H:%M} UK time",
        so_far=f"Nobody has taken it on for {minutes} minutes.\n" if late else "",
        base_url=teller.settings.public_base_url,
    )
    outgoing = Outgoing(
        key=f"alert:{alert.id}:{alert.n_escalated}:{address}"[:80],
        kind=MessageKind.ALERT,
        medium=Medium.EMAIL,
        address=address,
        body=body,
        not_before=teller.now,
        subject=STILL_OPEN if late else SUBJECT,
    )
    queue(teller.session, outgoing, keys=teller.keys, now=teller.now)
    teller.session.add(AlertEvent(alert_id=alert.id, step=step, by=address[:120], at=teller.now))
    teller.session.flush()

"""Alerts: somebody wrote that they, or someone near them, are in danger; a person on call is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.crypto import Keys, seal, unseal
from survey_app.database import insert_or_ignore
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding import escalation
from survey_app.hear.safeguarding.tables import Alert, AlertState
from survey_app.settings import Settings

SUBJECT = "Someone may need help: please look now"
BODY = """Someone who was sent a survey by {service} wrote a text that may mean they need help.

Kind: {kind}
Received: {at} UTC

They were sent the numbers to call. Please sign in, read what they wrote and decide what to do:
{base_url}/workspace/alerts

This e-mail leaves out their words and their number on purpose.
"""


@dataclass(frozen=True, slots=True)
class Distress:
    """What somebody in distress wrote, and where it came from."""

    source: str
    kind: DistressKind
    sender: str
    words: str
    at: dt.datetime
    place_id: str | None = None

    def __repr__(self) -> str:
        return f"Distress({self.source}, {self.kind})"


def raise_alert(session: Session, distress: Distress, *, keys: Keys, settings: Settings) -> bool:
    """Store an alert and queue the e-mail to the people on call, out of hours a second one; one a source."""
    bound_to = _sealed_for(distress.source)
    row = {
        "source": distress.source,
        "kind": distress.kind,
        "place_id": distress.place_id,
        "address_sealed": seal(keys.contact, distress.sender, bound_to=bound_to),
        "words_sealed": seal(keys.contact, distress.words, bound_to=bound_to),
        "state": AlertState.RAISED,
        "raised_at": distress.at,
    }
    if not insert_or_ignore(session, Alert, [row]):
        return False
    queue(session, _email(distress, settings), keys=keys, now=distress.at)
    if not escalation.is_office_time(distress.at):
        escalation.write(session, distress.source, distress.at, keys=keys, settings=settings, now=distress.at)
    return True


def open_alerts(session: Session) -> Sequence[Alert]:
    """Return the alerts nobody has acknowledged, the oldest first."""
    query = sa.select(Alert).where(Alert.state == AlertState.RAISED)
    return session.execute(query.order_by(Alert.raised_at, Alert.id)).scalars().all()


def acknowledge(session: Session, *, alert_id: int, by: str, at: dt.datetime) -> bool:
    """Record that a person on call has seen an alert; the first one stands."""
    change = sa.update(Alert).where(Alert.id == alert_id, Alert.state == AlertState.RAISED)
    seen = change.values(state=AlertState.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=at).returning(
        Alert.id
    )
    return session.execute(seen).first() is not None


def sender_of(alert: Alert, keys: Keys) -> str:
    """Return the number an alert came from; for the on-call role only."""
    return unseal(keys.contact, alert.address_sealed, bound_to=_sealed_for(alert.source))


def words_of(alert: Alert, keys: Keys) -> str:
    """Return what was written; for the on-call role only."""
    return unseal(keys.contact, alert.words_sealed, bound_to=_sealed_for(alert.source))


def _email(distress: Distress, settings: Settings) -> Outgoing:
    body = BODY.format(
        service=settings.service_name,
        kind=distress.kind.value,
        at=distress.at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M"),
        base_url=settings.public_base_url,
    )
    return Outgoing(
        key=f"alert:{distress.source}",
        kind=MessageKind.ALERT,
        medium=Medium.EMAIL,
        address=settings.on_call_email,
        body=body,
        not_before=distress.at,
        subject=SUBJECT,
    )


def _sealed_for(source: str) -> str:
    return f"alert:{source}"

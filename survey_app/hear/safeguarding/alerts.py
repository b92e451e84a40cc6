"""Alerts: somebody wrote that they, or someone near them, are in danger; a person on call is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.crypto import Keys, seal, unseal
from survey_app.database import insert_or_ignore
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding.tables import Alert, AlertEvent, AlertState, AlertStep, Outcome
from survey_app.hear.safeguarding.telling import Teller, tell_first
from survey_app.settings import Settings


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
    """Store an alert and queue the e-mails to the people on call; the same source raises one."""
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
    alert = session.scalars(sa.select(Alert).where(Alert.source == distress.source)).one()
    tell_first(Teller(session, keys, settings, distress.at), alert)
    session.flush()
    return True


def open_alerts(session: Session) -> Sequence[Alert]:
    """Return the alerts nobody has taken on, the oldest first."""
    query = sa.select(Alert).where(Alert.state == AlertState.RAISED)
    return session.execute(query.order_by(Alert.raised_at, Alert.id)).scalars().all()


def taken_on(session: Session) -> Sequence[Alert]:
    """Return the alerts somebody has taken on but not closed, the oldest first."""
    query = sa.select(Alert).where(Alert.state == AlertState.ACKNOWLEDGED)
    return session.execute(query.order_by(Alert.raised_at, Alert.id)).scalars().all()


def acknowledge(session: Session, *, alert_id: int, by: str, at: dt.datetime) -> bool:
    """Record that a person on call has taken an alert on; the first one stands."""
    free = sa.and_(Alert.id == alert_id, Alert.state == AlertState.RAISED)
    taken = (
        sa.update(Alert)
        .where(free)
        .values(state=AlertState.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=at, escalates_at=None)
    )
    return _moved(session, taken, AlertEvent(alert_id=alert_id, step=AlertStep.ACKNOWLEDGED, by=by, at=at))


def close(session: Session, *, alert_id: int, outcome: Outcome, by: str, at: dt.datetime) -> bool:
    """Record what was done about an alert that somebody had taken on; words and number are deleted."""
    mine = sa.and_(Alert.id == alert_id, Alert.state == AlertState.ACKNOWLEDGED)
    closed = (
        sa.update(Alert)
        .where(mine)
        .values(state=AlertState.CLOSED, outcome=outcome, closed_at=at, words_sealed=b"", address_sealed=b"")
    )
    return _moved(session, closed, AlertEvent(alert_id=alert_id, step=AlertStep.CLOSED, by=by, at=at))


def trace(session: Session, alert_ids: Sequence[int]) -> dict[int, list[AlertEvent]]:
    """Return what happened to some alerts, in order."""
    query = sa.select(AlertEvent).where(AlertEvent.alert_id.in_(alert_ids)).order_by(AlertEvent.id)
    found: dict[int, list[AlertEvent]] = {alert_id: [] for alert_id in alert_ids}
    for event in session.scalars(query):
        found[event.alert_id].append(event)
    return found


def sender_of(alert: Alert, keys: Keys) -> str:
    """Return the number an alert came from; for the on-call role only."""
    return unseal(keys.contact, alert.address_sealed, bound_to=_sealed_for(alert.source))


def words_of(alert: Alert, keys: Keys) -> str:
    """Return what was written; for the on-call role only."""
    return unseal(keys.contact, alert.words_sealed, bound_to=_sealed_for(alert.source))


def _moved(session: Session, change: sa.Update, event: AlertEvent) -> bool:
    if session.execute(change.returning(Alert.id)).first() is None:
        return False
    session.add(event)
    session.flush()
    return True


def _sealed_for(source: str) -> str:
    return f"alert:{source}"

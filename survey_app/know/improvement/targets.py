"""Targets: what a measure should reach at a place; a new one supersedes the old one, which is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.improvement.changes import BadSteering, note_change
from survey_app.know.improvement.tables import TargetRow
from survey_app.know.measures.model import Direction, Measure


@dataclass(frozen=True, slots=True)
class Target:
    """A figure in the measure's unit, to be reached from a day on in the measure's own direction."""

    value: float
    since: dt.date


@dataclass(frozen=True, slots=True)
class NewTarget:
    """What somebody wants to set; no value ends the target."""

    value: float | None
    since: dt.date
    by: str


def set_target(
    session: Session, measure: Measure, place_id: str, new: NewTarget, *, now: dt.datetime, today: dt.date
) -> None:
    """Set a target, or end it; the one before stays in the history."""
    if measure.direction is Direction.NEUTRAL:
        raise BadSteering("This measure has no direction that is better, so it can have no target")
    ceiling = 1_000_000.0 if measure.unit == "people" else 100.0
    if new.value is not None and not 0 <= new.value <= ceiling:
        raise BadSteering(f"Enter a target from 0 to {ceiling:.0f}")
    if not dt.date(2000, 1, 1) <= new.since <= today:
        raise BadSteering("Enter a first day that is not in the future")
    if new.value is None and current_target(session, measure.id, place_id) is None:
        raise BadSteering("There is no target to end")
    session.add(
        TargetRow(
            measure_id=measure.id,
            place_id=place_id,
            value=None if new.value is None else round(new.value, 1),
            since=new.since,
            set_by=new.by[:120],
            set_at=now,
        )
    )
    note_change(session, now)


def current_target(session: Session, measure_id: str, place_id: str) -> Target | None:
    """Return the target that holds, or None."""
    history = target_history(session, measure_id, place_id)
    newest = history[0] if history else None
    return Target(newest.value, newest.since) if newest and newest.value is not None else None


def target_history(session: Session, measure_id: str, place_id: str) -> list[TargetRow]:
    """Return everything ever set, the newest first."""
    query = sa.select(TargetRow).where(TargetRow.measure_id == measure_id, TargetRow.place_id == place_id)
    return list(session.scalars(query.order_by(TargetRow.id.desc())))


def all_targets(session: Session) -> dict[tuple[str, str], Target]:
    """Return every target that holds, by measure and place."""
    newest = sa.select(sa.func.max(TargetRow.id)).group_by(TargetRow.measure_id, TargetRow.place_id)
    query = sa.select(TargetRow.measure_id, TargetRow.place_id, TargetRow.value, TargetRow.since).where(
        TargetRow.id.in_(newest), TargetRow.value.is_not(None)
    )
    rows = session.connection().execute(query)
    return {(row.measure_id, row.place_id): Target(row.value, row.since) for row in rows}

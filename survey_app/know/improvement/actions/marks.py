"""Actions and their cycles as dated marks on the chart they are about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.improvement.actions.tables import Action, ActionCycle
from survey_app.know.improvement.marks import Mark, MarkKind, in_order

LONGEST = 120


def marks_of(session: Session, place_id: str, measure_id: str) -> tuple[Mark, ...]:
    """Return the marks of one chart, oldest first."""
    return all_marks(session, place_id).get((place_id, measure_id), ())


def all_marks(session: Session, place_id: str | None = None) -> dict[tuple[str, str], tuple[Mark, ...]]:
    """Return the marks of every chart (place, measure) that has any, in two queries; of one place if named."""
    starts = sa.select(Action.place_id, Action.measure_id, Action.started_on, Action.what)
    tries = sa.select(
        Action.place_id, Action.measure_id, ActionCycle.starts_on, ActionCycle.plan, ActionCycle.number
    ).join(ActionCycle, ActionCycle.action_id == Action.id)
    found: dict[tuple[str, str], list[Mark]] = {}
    for row in _rows(session, starts, place_id):
        mark = _mark(row.started_on, f"Action started: {row.what}")
        found.setdefault((row.place_id, row.measure_id), []).append(mark)
    for row in _rows(session, tries, place_id):
        mark = _mark(row.starts_on, f"Cycle {row.number}: {row.plan}")
        found.setdefault((row.place_id, row.measure_id), []).append(mark)
    return {chart: in_order(marks) for chart, marks in found.items()}


def _rows(session: Session, query: sa.Select[Any], place_id: str | None) -> sa.CursorResult[Any]:
    """Return what has begun and has a chart: a plan dates nothing."""
    query = query.where(Action.measure_id.is_not(None), Action.started_on.is_not(None))
    if place_id is not None:
        query = query.where(Action.place_id == place_id)
    return session.connection().execute(query)


def _mark(day: dt.date, text: str) -> Mark:
    return Mark(day, MarkKind.ACTION, text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip()}...")

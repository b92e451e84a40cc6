"""Actions and their cycles as dated marks on the chart they are about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.improvement.actions.tables import Action, ActionCycle
from survey_app.know.improvement.marks import Mark, MarkKind, in_order

LONGEST = 120
STARTED = '"{}" started'  # charts say before it that it is an action


def all_marks(session: Session, place_id: str | None = None) -> dict[tuple[str, str], tuple[Mark, ...]]:
    """Return the marks of every chart (place, measure) that has any, oldest first; of one place or of all."""
    begun: list[sa.ColumnElement[bool]] = [
        Action.measure_id.is_not(None),
        Action.started_on.is_not(None),
    ]  # a plan dates nothing
    begun += [Action.place_id == place_id] if place_id is not None else []
    starts = sa.select(Action.place_id, Action.measure_id, Action.started_on, Action.what).where(*begun)
    tries = (
        sa.select(
            Action.place_id, Action.measure_id, ActionCycle.starts_on, ActionCycle.plan, ActionCycle.number
        )
        .join(ActionCycle, ActionCycle.action_id == Action.id)
        .where(*begun)
    )
    connection = session.connection()
    found: dict[tuple[str, str], list[Mark]] = {}
    rows: Any = connection.execute(starts)
    for place, measure, day, what in rows:
        found.setdefault((place, measure), []).append(_mark(day, STARTED.format(_short(what, len(STARTED)))))
    rows = connection.execute(tries)
    for place, measure, day, plan, number in rows:
        found.setdefault((place, measure), []).append(_mark(day, f"Cycle {number}: {plan}"))
    return {chart: in_order(marks) for chart, marks in found.items()}


def _mark(day: dt.date, text: str) -> Mark:
    return Mark(day, MarkKind.ACTION, _short(text))


def _short(text: str, room_left: int = 0) -> str:
    most = LONGEST - room_left
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."

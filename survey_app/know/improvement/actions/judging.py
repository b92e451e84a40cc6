"""Which actions can have a verdict, and keeping it with what it was computed from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.database import upsert_all
from survey_app.know.improvement.actions.tables import Action, ActionVerdict
from survey_app.know.improvement.actions.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class Started:
    """An action that has a chart and has begun, and from what its stored verdict was computed."""

    id: int
    place_id: str
    measure_id: str
    started_on: dt.date
    seen: str | None


def started(session: Session) -> list[Started]:
    """Return every action that can have a verdict, in one query."""
    query = (
        sa.select(Action.id, Action.place_id, Action.measure_id, Action.started_on, ActionVerdict.seen)
        .outerjoin(ActionVerdict, ActionVerdict.action_id == Action.id)
        .where(Action.measure_id.is_not(None), Action.started_on.is_not(None))
        .order_by(Action.id)
    )
    rows: Any = session.connection().execute(query)
    return [Started(*row) for row in rows]


def keep(session: Session, judged: Sequence[tuple[int, Judgement, str]], *, now: dt.datetime) -> None:
    """Store verdicts, each with what it was computed from, in place of earlier ones."""
    rows = [
        {
            "action_id": action_id,
            "verdict": judgement.verdict,
            "n_points": judgement.n_points,
            "weeks_left": judgement.weeks_left,
            "latest_to": judgement.latest_to,
            "begun_on": judgement.begun_on,
            "seen": seen,
            "computed_at": now,
        }
        for action_id, judgement, seen in judged
    ]
    upsert_all(session, ActionVerdict, rows, key=["action_id"])

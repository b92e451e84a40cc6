"""Reading actions for pages: those of some places, those that are due, one with its cycles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.scope import READING
from survey_app.accounts.tables import Grant, Staff
from survey_app.know.disclosure.groups import in_scope
from survey_app.know.improvement.actions.tables import (
    Action,
    ActionCycle,
    ActionState,
    ActionVerdict,
    Notice,
)

OPEN = (ActionState.PLANNED, ActionState.DOING)
SOON = dt.timedelta(days=7)
MOST = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """An action with its owner's name and, where there is one, its verdict."""

    action: Action
    owner: str
    verdict: ActionVerdict | None

    def is_overdue(self, day: dt.date) -> bool:
        """Tell whether it should have been done before a day."""
        return self.action.state in OPEN and self.action.due_on < day

    def is_due(self, day: dt.date) -> bool:
        """Tell whether it is to be done within a week from a day."""
        return self.action.state in OPEN and day <= self.action.due_on <= day + SOON


def listed(session: Session, paths: Iterable[str]) -> list[Listed]:
    """Return the actions at or below some paths, the earliest due first, in one query."""
    return _listed(session, paths, sa.true())


def due(session: Session, paths: Iterable[str], day: dt.date) -> list[Listed]:
    """Return the actions at or below some paths that are overdue, or due within a week, in one query."""
    return _listed(session, paths, sa.and_(Action.state.in_(OPEN), Action.due_on <= day + SOON))


def one(session: Session, action_id: int) -> Listed | None:
    """Return an action by id, or None."""
    row = session.execute(_query().where(Action.id == action_id)).first()
    return _of(row) if row else None


def cycles_of(session: Session, action_id: int) -> list[ActionCycle]:
    """Return the cycles of an action, the newest first."""
    query = sa.select(ActionCycle).where(ActionCycle.action_id == action_id)
    return list(session.scalars(query.order_by(ActionCycle.number.desc())))


def notices_of(session: Session, action_id: int) -> list[Notice]:
    """Return what people were, or will be, told of an action, the newest first."""
    return list(session.scalars(sa.select(Notice).where(Notice.action_id == action_id).order_by(-Notice.id)))


def owners_at(session: Session, path: str) -> list[Staff]:
    """Return the members of staff who may see a place, by name."""
    parts = path.strip("/").split("/")
    above = [f"/{'/'.join(parts[:end])}/" for end in range(1, len(parts) + 1)]
    reads = sa.and_(Grant.staff_id == Staff.id, Grant.role.in_(READING))
    may = sa.exists().where(reads, Grant.place_path.in_(above))
    query = sa.select(Staff).where(Staff.active.is_(True), may).order_by(Staff.name, Staff.id)
    return list(session.scalars(query))


def _listed(session: Session, paths: Iterable[str], which: sa.ColumnElement[bool]) -> list[Listed]:
    places = in_scope(paths)
    query = _query().join(places, places.c.id == Action.place_id).where(which)
    rows = session.execute(query.order_by(Action.due_on, Action.id).limit(MOST))
    return [_of(row) for row in rows]


def _of(row: sa.Row[Action, str, ActionVerdict]) -> Listed:
    return Listed(row[0], row[1], row[2])


def _query() -> sa.Select[Action, str, ActionVerdict]:
    return (
        sa.select(Action, Staff.name, ActionVerdict)
        .join(Staff, Staff.id == Action.owner_id)
        .outerjoin(ActionVerdict, ActionVerdict.action_id == Action.id)
    )

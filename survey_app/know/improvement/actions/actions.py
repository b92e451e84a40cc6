"""Making and changing actions and their cycles; every change keeps who made it and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.clock import london_day
from survey_app.know.improvement.actions.tables import Action, ActionCycle, ActionState, Decision
from survey_app.know.improvement.changes import note_change

STEPS = {
    "start": (ActionState.DOING, {ActionState.PLANNED, ActionState.DONE, ActionState.STOPPED}),
    "finish": (ActionState.DONE, {ActionState.DOING}),
    "stop": (ActionState.STOPPED, {ActionState.PLANNED, ActionState.DOING}),
}
"""What a step leads to, and from which states it may be taken."""


class BadStep(ValueError):
    """An action cannot take this step now."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes something, and when."""

    staff_id: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """What will be done, by whom and until when."""

    what: str
    concept_id: str
    owner_id: int
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action comes from: a place, and a measure and week where a signal led to it."""

    place_id: str
    measure_id: str | None = None
    signal_week: dt.date | None = None


def create(session: Session, origin: Origin, intent: Intent, change: Change) -> Action:
    """Plan an action; nothing is dated on the chart before it starts."""
    made = Action(
        **asdict(origin),
        **asdict(intent),
        state=ActionState.PLANNED,
        made_by_id=change.staff_id,
        made_at=change.at,
        changed_by_id=change.staff_id,
        changed_at=change.at,
    )
    session.add(made)
    session.flush()
    return made


def rewrite(session: Session, action: Action, intent: Intent, change: Change) -> None:
    """Say anew what will be done, by whom and until when."""
    for name, value in asdict(intent).items():
        setattr(action, name, value)
    _note(session, action, change)


def move(session: Session, action: Action, step: str, on: dt.date, change: Change) -> None:
    """Start, finish or stop an action on a day; starting again keeps the first start."""
    target, allowed = STEPS[step]
    if action.state not in allowed:
        raise BadStep(f"an action that is {action.state.value} cannot {step}")
    action.state = target
    if target is ActionState.DOING:
        if action.started_on is None:
            action.started_on, action.start_noted_on = on, london_day(change.at)
        action.ended_on = None
    else:
        action.ended_on = on
    _note(session, action, change)


def add_cycle(session: Session, action: Action, plan: str, starts_on: dt.date, change: Change) -> ActionCycle:
    """Plan the next cycle of trying."""
    # Two leads at once get two numbers: the second waits here for the first.
    session.refresh(action, with_for_update=True)
    before = sa.select(sa.func.max(ActionCycle.number)).where(ActionCycle.action_id == action.id)
    number = (session.scalar(before) or 0) + 1
    made = ActionCycle(action_id=action.id, number=number, plan=plan, starts_on=starts_on)
    session.add(made)
    _note(session, action, change)
    return made


def close_cycle(session: Session, cycle: ActionCycle, learnt: str, decision: Decision, on: dt.date) -> None:
    """Keep what was learnt and what was decided; said again, the newer words stand."""
    cycle.learnt, cycle.decision, cycle.decided_on = learnt, decision, on
    session.flush()


def _note(session: Session, action: Action, change: Change) -> None:
    action.changed_by_id, action.changed_at = change.staff_id, change.at
    note_change(session, change.at)  # its marks stand on a chart
    session.flush()

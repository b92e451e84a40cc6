"""What people of the demonstration decided about its charts: a note, targets, a proposed rebase."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app.bootstrap import Runtime
from survey_app.cli.demo import world
from survey_app.clock import london_day, week_of
from survey_app.jobs.counting import refresh
from survey_app.know.evidence.store import stored
from survey_app.know.improvement.annotations import NewAnnotation, annotate
from survey_app.know.improvement.rebases import Confirmation, confirm
from survey_app.know.improvement.targets import NewTarget, set_target

BY = "Ada Lead (lead@demo.example)"
EVENT = "Synthetic: new single phone number opened"
CAUSE = "Synthetic: one phone number and one plan for each person since this week"
MEASURE = "ex.say.mean"
TARGETS = ((world.SYSTEM, 60.0), (world.IMPROVEMENT.locality, 65.0))


def decide(runtime: Runtime, weeks: int) -> None:
    """Note, set and confirm what a lead of the invented places would; then compute what that changes."""
    now, today = runtime.clock(), london_day(runtime.clock())
    first = week_of(today) - dt.timedelta(weeks=weeks)
    turn = first + dt.timedelta(weeks=round(weeks * world.IMPROVEMENT.from_share), days=2)
    place, measure = world.IMPROVEMENT.locality, runtime.measures.get(MEASURE)
    with runtime.database.writing() as session:
        for place_id, value in TARGETS:
            set_target(session, measure, place_id, NewTarget(value, first, BY), now=now, today=today)
        note = NewAnnotation(place, None, min(turn, today), EVENT, BY)
        annotate(session, note, now=now, today=today)
        _confirm(session, place, now)
    refresh(runtime)


def _confirm(session: Session, place: str, now: dt.datetime) -> None:
    series = stored(session, MEASURE, place)
    if series is not None and series.proposal is not None:
        confirm(session, Confirmation(MEASURE, place, series.proposal, CAUSE, BY), now=now)

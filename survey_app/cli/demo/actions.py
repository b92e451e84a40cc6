"""Two invented actions, where the demonstration got better and where it got worse, and what people hear."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.tables import Staff
from survey_app.bootstrap import Runtime
from survey_app.cli.demo import world
from survey_app.clock import london_day, week_of
from survey_app.jobs.verdicts import judge_actions
from survey_app.know.evidence.changes import BETTER_OR_WORSE
from survey_app.know.evidence.series import Point
from survey_app.know.evidence.store import stored
from survey_app.know.improvement.actions import actions, notices
from survey_app.know.improvement.actions.actions import Change, Intent, Origin
from survey_app.know.improvement.actions.notices import Words
from survey_app.know.improvement.actions.tables import Action, Decision
from survey_app.show.pages.dashboard.actions.figures import figures_told

WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Story:
    """One invented action with a cycle; it begins a week after the signal of its chart."""

    origin: tuple[str, str]
    what: str
    concept: str
    cycle: str
    learnt: str
    decision: Decision


BETTER = Story(
    (world.IMPROVEMENT.locality, "ex.say.mean"),
    "Ask everybody what matters most to them before their plan is written (synthetic)",
    "person-centred-interactions",
    "Two nurses ask the question at ten first visits and write the answer on page one",
    "It took four minutes a visit. Plans changed for half of the people asked.",
    Decision.ADOPT,
)
WORSE = Story(
    (world.WORSENING.locality, "ex.moves.mean"),
    "Ring everybody two days after they come home from hospital (synthetic)",
    "care-coordination",
    "One person rings everybody who came home, for a fortnight",
    "Half did not pick up a number they do not know. A text beforehand helped.",
    Decision.ADAPT,
)
TOLD = Words(
    "You told us you want more say in your care.",
    "We now ask what matters most to you before we write your plan.",
    "You wanted more say. We now ask what matters to you first.",
)


def act(runtime: Runtime, n_weeks: int) -> None:
    """Make the demonstration's actions once; without a member of staff there is nobody to make them."""
    with runtime.database.writing() as session:
        person = session.scalar(sa.select(Staff.id).order_by(Staff.id).limit(1))
        if person is None or session.scalar(sa.select(Action.id).limit(1)) is not None:
            return
        change = Change(person, runtime.clock())
        better, worse = (
            _tell(session, story, change, _week_of(runtime, n_weeks, share))
            for story, share in (
                (BETTER, world.IMPROVEMENT.from_share),
                (WORSE, world.WORSENING.from_share),
            )
        )
        actions.move(session, better, "finish", london_day(change.at), change)
        notice = notices.write(session, better, TOLD, change)
        notices.publish(session, notice, figures=_figures(session, runtime, better), now=change.at)
        notices.write(session, worse, _draft(), change)
    judge_actions(runtime)


def _week_of(runtime: Runtime, n_weeks: int, share: float) -> dt.date:
    first = week_of(london_day(runtime.clock())) - n_weeks * WEEK
    return first + round(share * n_weeks) * WEEK


def _tell(session: Session, story: Story, change: Change, changed: dt.date) -> Action:
    place_id, measure_id = story.origin
    today = london_day(change.at)
    signal = _signal_since(session, story, changed)
    started = min((signal or changed) + WEEK, today)
    intent = Intent(story.what, story.concept, change.staff_id, today + dt.timedelta(days=5))
    made = actions.create(session, Origin(place_id, measure_id, signal), intent, change)
    actions.move(session, made, "start", started, change)
    cycle = actions.add_cycle(session, made, story.cycle, started, change)
    actions.close_cycle(session, cycle, story.learnt, story.decision, min(started + 3 * WEEK, today))
    return made


def _signal_since(session: Session, story: Story, changed: dt.date) -> dt.date | None:
    """Return the first week that the chart marks; None where, as after a rebase, it marks none."""
    place_id, measure_id = story.origin
    series = stored(session, measure_id, place_id)
    points = series.points if series else ()
    marked = (one for one in points if isinstance(one, Point) and one.state in BETTER_OR_WORSE)
    return next((one.start for one in marked if one.start >= changed), None)


def _figures(session: Session, runtime: Runtime, action: Action) -> str | None:
    place_id, measure_id = BETTER.origin
    series = stored(session, measure_id, place_id)
    if series is None or action.started_on is None:
        return None
    return figures_told(series, runtime.measures, action.started_on)


def _draft() -> Words:
    return Words(
        "You told us it is hard to know what happens next.",
        "We now ring you two days after you come home.",
        "It was hard to know what happens next. We now ring you two days after you come home.",
    )

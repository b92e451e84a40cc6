"""Actions in words: their state, the verdict by rule, which never says why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.know.improvement.actions.reading import Listed
from survey_app.know.improvement.actions.tables import ActionState, ActionVerdict, Decision, Verdict
from survey_app.know.measures.measures import Direction, Measure
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.icon import Icon, Tone

STATES = {
    ActionState.PLANNED: "Planned",
    ActionState.DOING: "Under way",
    ActionState.DONE: "Done",
    ActionState.STOPPED: "Stopped",
}
DECISIONS = {
    Decision.ADOPT: "Adopt: keep doing it this way",
    Decision.ADAPT: "Adapt: change it and try again",
    Decision.ABANDON: "Abandon: give it up",
}
WAITING = Icon("The verdict is being worked out", "", Tone.WAITING)
SHORT = {
    Verdict.IMPROVED: ("Better since it started", Tone.BETTER),
    Verdict.WORSE: ("Worse since it started", Tone.WORSE),
    Verdict.NO_CHANGE: ("No change yet that chance does not explain", Tone.USUAL),
    Verdict.NO_DIRECTION: ("No verdict", Tone.WAITING),
}
LETTERS = {
    (Verdict.IMPROVED, Direction.INCREASE): "H",
    (Verdict.IMPROVED, Direction.DECREASE): "L",
    (Verdict.WORSE, Direction.INCREASE): "L",
    (Verdict.WORSE, Direction.DECREASE): "H",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as pages show it: its icon with the short words, and a sentence."""

    icon: Icon
    sentence: str


def said(listed: Listed, measure: Measure | None) -> Said | None:
    """Return the verdict on an action in words; None where there can be none."""
    if listed.action.measure_id is None or listed.action.started_on is None:
        return None
    verdict = listed.verdict
    if verdict is None:
        return Said(WAITING, "Look again in a minute.")
    if verdict.verdict is Verdict.TOO_EARLY:
        weeks = "1 more week" if verdict.weeks_left == 1 else f"{verdict.weeks_left} more weeks"
        return Said(
            Icon(f"Too early: {weeks}", "", Tone.WAITING),
            f"{verdict.n_points} figures since the start; the rule needs 8. That takes about {weeks}.",
        )
    text, tone = SHORT[verdict.verdict]
    letter = LETTERS.get((verdict.verdict, measure.direction), "") if measure else ""
    return Said(Icon(text, letter, tone), _sentence(verdict, listed.action.started_on))


def _sentence(verdict: ActionVerdict, started_on: dt.date) -> str:
    upto = f" up to {day_words(verdict.latest_to)}" if verdict.latest_to else ""
    rest = f"From {verdict.n_points} figures since the start{upto}."
    if verdict.verdict is Verdict.NO_DIRECTION:
        return "Of this measure neither more nor less is better."
    begun = verdict.begun_on
    when = f" The run on the chart began on {day_words(begun)}" if begun else ""
    when += ", before the start." if begun and begun < started_on else "." if begun else ""
    return f"{rest}{when} A chart cannot say why."

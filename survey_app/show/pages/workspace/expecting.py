"""How often a figure can be shown, said before a survey starts: so many people, replies, and weeks."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app.ask.outreach.budgets import REPLY_RATE
from survey_app.ask.outreach.tables import Rhythm
from survey_app.know.disclosure.proposing import ENOUGH, LOOK_BACK, weeks_for

QUARTER = LOOK_BACK
NUMBERS = {2: "two", 4: "four"}


def expectations(rhythm: Rhythm, weekly_sample: int | None) -> Iterator[str]:
    """Say what one locality's weekly sample brings, at a low, a middling and a high share of replies."""
    if rhythm is not Rhythm.WEEKLY or not weekly_sample:
        return
    low, high = REPLY_RATE
    for rate in (low, 2 * low, high):
        yield expectation(weekly_sample, rate)


def expectation(n_people: int, rate: float) -> str:
    """Say how often one locality gets a figure when this share of people replies each week."""
    n_replies = n_people * rate
    said = f"{n_people:,} people at {rate:.0%}: about {n_replies:.0f} replies a week, {_how_often(n_replies)}"
    return f"{said}."


def _how_often(n_replies: float) -> str:
    weeks = weeks_for(n_replies)
    if n_replies * QUARTER < ENOUGH:
        return "too few for figures of its own even in a quarter: it is counted with a neighbour"
    if weeks == 1:
        return "a figure every week"
    if weeks == QUARTER:
        return "a figure every quarter, or more often together with a neighbour"
    return f"a figure every {NUMBERS[weeks]} weeks"

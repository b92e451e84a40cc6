"""The one plain sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.know.evidence.series import Point
from survey_app.know.evidence.summary import span_words, spoken, summarise
from survey_app.stats.variation import PointState

MONDAY, SUNDAY = dt.date(2026, 11, 2), dt.date(2026, 11, 8)
SCORE = "score 0-100"


def point(state: PointState, *signals: str) -> Point:
    return Point(
        start=MONDAY,
        end=SUNDAY,
        value=61.5,
        n=24,
        low=50.0,
        high=73.0,
        centre=60.0,
        lower=40.0,
        upper=80.0,
        state=state,
        signals=signals,
        provisional=False,
    )


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(67.6, SCORE, "68 out of 100"), (54.2, "percent", "54%"), (31.0, "people", "31 people")],
)
def test_values_are_said_as_people_say_them(value, unit, words):
    assert spoken(value, unit) == words


def test_a_week_and_a_longer_bin_have_their_own_words():
    assert span_words(MONDAY, SUNDAY) == "in the week of 2 November 2026"
    longer = span_words(dt.date(2026, 10, 26), SUNDAY)
    assert longer == "in the weeks from 26 October to 8 November 2026"


@pytest.mark.parametrize(
    ("state", "signals", "beginning", "reason"),
    [
        (PointState.COMMON_CAUSE, (), "No real change", "chance explains (40 to 80)"),
        (PointState.IMPROVEMENT, ("astronomical_high",), "Better", "outside the range"),
        (PointState.CONCERN, ("trend_low",), "Worse", "seven times in a row"),
        (PointState.NEUTRAL_HIGH, ("two_of_three_high",), "Higher", "Two of three weeks"),
        (PointState.NEUTRAL_LOW, ("shift_low",), "Lower", "this side of the average (60)"),
    ],
)
def test_the_sentence_says_what_it_means_from_how_many_and_why(state, signals, beginning, reason):
    said = summarise(point(state, *signals), (MONDAY, SUNDAY), SCORE)
    assert said.startswith(beginning)
    assert "from 24 answers" in said
    assert reason in said


def test_without_limits_the_sentence_says_what_is_missing():
    assert "13 weeks" in summarise(point(PointState.NONE), (MONDAY, SUNDAY), SCORE)


def test_a_withheld_week_is_said_to_have_too_few_and_gives_no_number_of_its_own():
    said = summarise(None, (MONDAY, SUNDAY), SCORE)
    assert said == (
        "There is no figure in the week of 2 November 2026: fewer than 10 people gave an answer that counts."
    )


def test_before_anything_closed_the_sentence_says_what_is_needed():
    assert "10 people" in summarise(None, None, SCORE)

"""The one plain sentence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from survey_app.know.evidence.series import LimitsStage, Point
from survey_app.know.evidence.summary import Standing, span_words, summarise
from survey_app.know.evidence.units import spoken
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState

MONDAY, SUNDAY = dt.date(2026, 11, 2), dt.date(2026, 11, 8)
SCORE = "score 0-100"
FIRM = Standing(ChartKind.I_PRIME, LimitsStage.LOCKED, n_figures=26)


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
        (PointState.COMMON_CAUSE, (), "No real change", "chance explains with so many answers (40 to 80)."),
        (PointState.IMPROVEMENT, ("astronomical_high",), "Better", "outside the range"),
        (PointState.CONCERN, ("trend_low",), "Worse", "seven times in a row"),
        (PointState.NEUTRAL_HIGH, ("two_of_three_high",), "Higher", "Two of three weeks"),
        (PointState.NEUTRAL_LOW, ("shift_low",), "Lower", "this side of the average (60)"),
    ],
)
def test_the_sentence_says_what_it_means_from_how_many_and_why(state, signals, beginning, reason):
    said = summarise(point(state, *signals), (MONDAY, SUNDAY), SCORE, FIRM)
    assert said.startswith(beginning)
    assert "from 24 answers" in said
    assert reason in said


def said_of(state, standing, **changed):
    return summarise(replace(point(state), **changed), (MONDAY, SUNDAY), SCORE, standing)


def test_without_limits_the_sentence_says_what_is_missing():
    assert "13 weeks" in said_of(PointState.NONE, Standing(ChartKind.RUN, n_figures=12))
    flat = said_of(PointState.NONE, Standing(ChartKind.RUN, n_figures=30))
    assert "13 weeks" not in flat
    assert "do not show how much chance alone moves it" in flat


def test_a_young_series_that_keeps_to_one_side_is_worth_watching():
    said = said_of(PointState.NONE, Standing(ChartKind.RUN, n_figures=12, one_sided=True))
    assert said.endswith("watch this one.")


def test_limits_on_trial_are_said_to_be_on_trial():
    trial = replace(FIRM, limits=LimitsStage.TRIAL)
    assert "on trial" in said_of(PointState.COMMON_CAUSE, trial)
    assert "on trial" not in said_of(PointState.COMMON_CAUSE, FIRM)


def test_limits_that_do_not_weigh_answers_are_not_said_to():
    assert "so many answers" not in said_of(PointState.COMMON_CAUSE, replace(FIRM, chart=ChartKind.XMR))


def test_a_limit_beyond_the_scale_is_said_as_its_end():
    assert "(0 to 100)" in said_of(PointState.COMMON_CAUSE, FIRM, lower=-12.0, upper=104.2)


def test_a_withheld_week_is_said_to_have_too_few_and_gives_no_number_of_its_own():
    said = summarise(None, (MONDAY, SUNDAY), SCORE, FIRM)
    assert said == (
        "There is no figure in the week of 2 November 2026: fewer than 10 people gave an answer that counts."
    )


def test_before_anything_closed_the_sentence_says_what_is_needed():
    assert "10 people" in summarise(None, None, SCORE, Standing())


def test_a_figure_outside_a_limit_never_reads_as_one_on_it():
    high = replace(point(PointState.IMPROVEMENT, "astronomical_high"), value=65.3, upper=64.8)
    said = summarise(high, (high.start, high.end), "score 0-100", Standing(chart=ChartKind.I_PRIME))
    assert "it was 65.3 out of 100" in said
    assert "64.8)" in said


def test_a_new_level_is_told_with_the_one_before():
    standing = Standing(chart=ChartKind.I_PRIME, since=dt.date(2026, 7, 6), before=54.6, now=70.9)
    said = said_of(PointState.COMMON_CAUSE, standing)
    assert "the average was 55 before, and is 71 since" in said

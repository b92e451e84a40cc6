"""One week far out tells the public nothing: averages count, and only as far as the verdict goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from survey_app.know.evidence.before_since import before_since, is_better
from survey_app.know.evidence.series import Point
from survey_app.know.improvement.actions.tables import Verdict
from survey_app.know.measures.measures import Direction
from tests.unit.show.charts.example import FIRST, example

STARTED = FIRST + dt.timedelta(weeks=13)


def changed(series, start, **fields):
    return replace(
        series,
        points=tuple(replace(one, **fields) if one.start == start else one for one in series.points),
    )


def test_averages_are_weighted_by_answers_and_an_open_week_is_left_out():
    found = before_since(example(), STARTED)
    points = [one for one in example().points if isinstance(one, Point)]
    before, since = points[:12], points[12:-1]
    for average, of in ((found.before, before), (found.since, since)):
        assert (average.n_figures, average.n) == (len(of), sum(one.n for one in of))
        assert average.value == pytest.approx(sum(one.value * one.n for one in of) / average.n)
    assert found.judgement.verdict is Verdict.IMPROVED
    assert is_better(found, Direction.INCREASE)
    assert not is_better(found, Direction.DECREASE)


def test_one_week_far_out_before_the_start_moves_the_average_only_by_its_share():
    outlier = changed(example(), STARTED - dt.timedelta(weeks=1), value=5.0)
    moved = before_since(example(), STARTED).before.value - before_since(outlier, STARTED).before.value
    assert 0 < moved < 8


def test_at_most_thirteen_figures_before_count():
    assert before_since(example(gaps=()), FIRST + dt.timedelta(weeks=20)).before.n_figures == 13


def test_only_the_lines_in_use_before_the_start_count():
    series = changed(example(), STARTED - dt.timedelta(weeks=2), centre=70.0)
    series = changed(series, STARTED - dt.timedelta(weeks=1), centre=70.0)
    assert before_since(series, STARTED).before.n_figures == 2


def test_a_figure_from_fewer_than_ten_answers_counts_nowhere():
    series = example()
    for one in series.points:
        if one.start < STARTED - dt.timedelta(weeks=1):
            series = changed(series, one.start, **({"n": 9} if isinstance(one, Point) else {}))
    assert before_since(series, STARTED).before.n_figures == 1
    assert before_since(changed(series, STARTED - dt.timedelta(weeks=1), n=9), STARTED) is None


def test_without_a_figure_on_both_sides_there_is_nothing_to_tell():
    assert before_since(example(), FIRST) is None
    assert before_since(example(), FIRST + dt.timedelta(weeks=30)) is None

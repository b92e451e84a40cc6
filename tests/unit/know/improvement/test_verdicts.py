"""The verdict on an action follows its rule, whatever the chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.know.evidence.verdicts import figures_of
from survey_app.know.improvement.actions.tables import Verdict
from survey_app.know.improvement.actions.verdicts import Seen, Way, judge
from survey_app.know.measures.measures import Direction
from tests.unit.show.charts.example import example

FIRST = dt.date(2026, 6, 1)
LETTERS = {"b": Way.BETTER, "w": Way.WORSE}
VALUES = {"b": 62.0, "+": 62.0, "w": 58.0, "-": 58.0, ".": 60.0}
OPPOSITE = str.maketrans("bw+-", "wb-+")
MIRRORED = {Verdict.IMPROVED: Verdict.WORSE, Verdict.WORSE: Verdict.IMPROVED}


def monday(n):
    return FIRST + dt.timedelta(weeks=n)


def chart(ways, weeks=1):
    """Return figures: b and w are of a shift, complete at its seventh figure, + and - of none."""
    days = [monday(n * weeks) for n in range(len(ways))]
    ends = [day + dt.timedelta(days=7 * weeks - 1) for day in days]
    figures = []
    for n, letter in enumerate(ways):
        begin = n
        while begin and ways[begin - 1] == letter:
            begin -= 1
        complete = ends[min(max(n, begin + 6), len(ways) - 1)] if letter in LETTERS else ends[n]
        figures.append(Seen(days[n], ends[n], VALUES[letter], 60.0, LETTERS.get(letter, Way.NONE), complete))
    return figures


def verdict(ways, start):
    return judge(chart(ways), monday(start)).verdict


@pytest.mark.parametrize(
    ("ways", "start", "expected"),
    [
        ("." * 10 + "." + "b" * 7, 10, Verdict.IMPROVED),
        ("." * 10 + "." + "w" * 7, 10, Verdict.WORSE),
        ("." * 10 + ".." + "b" * 6, 10, Verdict.NO_CHANGE),
        ("." * 10 + "b" * 7 + "." * 6, 10, Verdict.IMPROVED),  # over, but not for seven figures
        ("." * 10 + "b" * 7 + "." * 7, 10, Verdict.NO_CHANGE),
        ("." * 10 + "b" * 7 + "w" * 7, 10, Verdict.WORSE),  # the later one decides
        ("." * 3 + "b" * 20, 12, Verdict.NO_CHANGE),  # was better before the start
        ("." * 9 + "b" * 12, 12, Verdict.IMPROVED),  # three lucky figures before do not spoil it
        ("." * 3 + "w" * 20, 12, Verdict.NO_CHANGE),  # as bad as before
        ("." * 3 + "w" * 8 + "+" + "w" * 9, 12, Verdict.NO_CHANGE),  # a lucky figure before hides nothing
        ("." * 3 + "w" * 10 + "+-+-+--", 12, Verdict.IMPROVED),  # what stood at the start is over
        ("." * 3 + "w" * 10 + "+-+----", 12, Verdict.NO_CHANGE),  # or is it? only two are back
        ("." * 3 + "w" * 11 + "+++--+", 12, Verdict.NO_CHANGE),
        ("." * 3 + "b" * 10 + "-+-+-++", 12, Verdict.WORSE),
    ],
)
def test_the_verdict_follows_the_rule(ways, start, expected):
    assert verdict(ways, start) is expected


@given(st.text("bw.", max_size=7))
def test_under_eight_figures_since_the_start_it_is_always_too_early(ways):
    early = judge(chart("b" * 10 + ways), monday(10))
    assert (early.verdict, early.n_points) == (Verdict.TOO_EARLY, len(ways))
    assert early.weeks_left == 8 - len(ways) >= 1


@given(st.text("bw+-.", min_size=8, max_size=40), st.integers(0, 32))
def test_better_and_worse_are_treated_alike(ways, start):
    there, back = verdict(ways, start), verdict(ways.translate(OPPOSITE), start)
    assert back is MIRRORED.get(there, there)


@given(st.text("+-.", min_size=30, max_size=60), st.integers(0, 22))
def test_a_chart_without_a_lasting_signal_never_has_a_change(ways, start):
    assert verdict(ways, start) is Verdict.NO_CHANGE


@pytest.mark.parametrize("ways", ["." * 10 + "b" * 9, "." * 10 + "w" * 9, "w" * 10 + "+" * 9, "." * 20])
def test_new_lines_since_the_start_neither_hide_a_change_nor_make_one(ways):
    figures = chart(ways)
    rebased = [
        replace(one, centre=one.value, way=Way.NONE) if n >= 10 else one for n, one in enumerate(figures)
    ]
    assert judge(rebased, monday(10)).verdict is judge(figures, monday(10)).verdict
    drawn = [replace(one, centre=50.0, way=Way.BETTER) if n >= 10 else one for n, one in enumerate(figures)]
    assert judge(drawn, monday(10)).verdict is judge(figures, monday(10)).verdict


def test_a_run_that_began_before_the_start_says_so():
    early, late = chart("." * 9 + "b" * 12), chart("." * 14 + "b" * 8)
    assert judge(early, monday(12)).begun_on == monday(9)
    assert judge(late, monday(12)).begun_on == monday(14)
    assert judge(chart("." * 3 + "w" * 10 + "+" * 9), monday(12)).begun_on is None


def test_waiting_is_counted_in_the_weeks_that_figures_take():
    assert judge(chart("......", weeks=4), monday(12)).weeks_left == 5 * 4


def test_a_measure_without_a_better_side_has_no_verdict():
    assert judge(chart("b" * 20), FIRST, has_direction=False).verdict is Verdict.NO_DIRECTION


def test_a_series_is_read_by_its_direction_without_gaps_open_weeks_and_single_points():
    figures = figures_of(example())
    assert [one.way for one in figures].count(Way.BETTER) == 7
    assert len(figures) == 20  # of 22 weeks one is a gap and one is open
    assert Way.WORSE not in {one.way for one in figures}  # one figure far out is no lasting change
    turned = figures_of(example(direction=Direction.DECREASE))
    assert [one.way for one in turned].count(Way.WORSE) == 7

import datetime as dt
from dataclasses import replace

import pytest

from survey_app.know.evidence.series import LimitsStage
from survey_app.show.charts.standing import Sureness, since_of, sureness_of
from survey_app.stats.variation import PointState
from tests.unit.show.charts.example import example, point


def closing(*signals, **changed):
    """Return a series whose last closed points are better by the signals given."""
    marked = [
        replace(point(10 + i), state=PointState.IMPROVEMENT, signals=rules) for i, rules in enumerate(signals)
    ]
    return example(points=(point(8), point(9), *marked), **changed)


OUTSIDE, SHIFT, TREND = ("astronomical_high",), ("shift_high",), ("trend_high",)


@pytest.mark.parametrize(
    ("signals", "limits", "wanted"),
    [
        ([OUTSIDE, OUTSIDE], LimitsStage.LOCKED, Sureness.STRONG),
        ([OUTSIDE], LimitsStage.LOCKED, Sureness.CLEAR),
        ([SHIFT] * 7, LimitsStage.LOCKED, Sureness.CLEAR),
        ([TREND] * 7, LimitsStage.LOCKED, Sureness.WEAK),
        ([OUTSIDE, OUTSIDE], LimitsStage.TRIAL, Sureness.CLEAR),
        ([TREND] * 7, LimitsStage.TRIAL, Sureness.WEAK),
    ],
)
def test_a_sign_is_weaker_when_it_is_alone_a_pattern_or_on_trial(signals, limits, wanted):
    assert sureness_of(closing(*signals, limits=limits)) is wanted


def test_a_change_counts_from_the_first_figure_of_its_run_and_gaps_do_not_end_it():
    assert since_of(example()) == dt.date(2026, 9, 7)
    assert since_of(example(gaps=(18,))) == dt.date(2026, 9, 7)


def test_what_does_not_differ_has_no_beginning_and_no_sureness():
    calm = example(n_weeks=10)
    assert (since_of(calm), sureness_of(calm)) == (None, None)


def test_one_ordinary_figure_between_does_not_end_a_change_and_two_do():
    marked, calm = closing(OUTSIDE).points[-1], point(9)
    one = example(points=(calm, replace(marked, start=dt.date(2026, 1, 5)), calm, marked))
    two = example(points=(calm, replace(marked, start=dt.date(2026, 1, 5)), calm, calm, marked))
    assert calm.state is PointState.COMMON_CAUSE
    assert since_of(one) == dt.date(2026, 1, 5)
    assert since_of(two) == marked.start

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.presets import MDC6, MDC7, NHSR
from survey_app.stats.xmr import xmr_chart

VALUES = st.one_of(st.none(), st.integers(0, 400).map(lambda quarter: quarter / 4))
SERIES = st.lists(VALUES, max_size=60)
RULES = st.sampled_from([MDC7, MDC6, NHSR])


def flags(chart):
    return [point.signals for point in chart.points]


def mirrored(signals):
    return [(signal.kind, "low" if signal.side.value == "high" else "high") for signal in signals]


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES, st.integers(-400, 400))
def test_moving_a_whole_series_moves_its_lines_and_no_flag(values, rules, by):
    before = xmr_chart(values, rules=rules)
    after = xmr_chart([None if value is None else value + by for value in values], rules=rules)
    assert flags(before) == flags(after)
    for old, new in zip(before.points, after.points, strict=True):
        assert (old.upper is None) is (new.upper is None)
        if old.upper is not None:
            assert new.upper == pytest.approx(old.upper + by, abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES, st.sampled_from([0.5, 2, 8]))
def test_a_change_of_unit_changes_no_flag(values, rules, factor):
    before = xmr_chart(values, rules=rules)
    after = xmr_chart([None if value is None else value * factor for value in values], rules=rules)
    assert flags(before) == flags(after)


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES)
def test_a_series_upside_down_has_its_flags_upside_down(values, rules):
    before = xmr_chart(values, rules=rules)
    after = xmr_chart([None if value is None else -value for value in values], rules=rules)
    for old, new in zip(flags(before), flags(after), strict=True):
        assert mirrored(old) == [(signal.kind, signal.side.value) for signal in new]


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES, st.integers(1, 3))
def test_a_withheld_week_at_the_end_changes_nothing_before_it(values, rules, gaps):
    before = xmr_chart(values, rules=rules)
    after = xmr_chart(values + [None] * gaps, rules=rules)
    assert after.points[: len(values)] == before.points


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES)
def test_lines_are_ordered_and_gaps_never_flagged(values, rules):
    for point in xmr_chart(values, rules=rules).points:
        if point.upper is not None:
            assert point.lower <= point.near_lower <= point.mean <= point.near_upper <= point.upper
        if point.value is None:
            assert point.signals == ()


@settings(max_examples=100, deadline=None)
@given(SERIES)
def test_a_shorter_run_rule_flags_at_least_as_much(values):
    strict, loose = xmr_chart(values, rules=MDC7), xmr_chart(values, rules=MDC6)
    for one, other in zip(flags(strict), flags(loose), strict=True):
        assert set(one) <= set(other)

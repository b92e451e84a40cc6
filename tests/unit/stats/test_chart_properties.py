from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.charting import I_PRIME, XMR, Method, control_chart
from survey_app.stats.kinds import ChartKind
from survey_app.stats.presets import MDC6, MDC7, NHSR

VALUES = st.one_of(st.none(), st.integers(0, 400).map(lambda quarter: quarter / 4))
SERIES = st.lists(VALUES, max_size=60)
RULES = st.sampled_from([MDC7, MDC6, NHSR])
FIGURES = st.lists(st.none() | st.tuples(st.integers(0, 100), st.integers(1, 80)), max_size=60)
METHODS = st.sampled_from(
    [
        XMR,
        I_PRIME,
        *(Method(kind, 100) for kind in (ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME)),
    ]
)


def split(figures):
    return [figure and float(figure[0]) for figure in figures], [figure and figure[1] for figure in figures]


def flags(chart):
    return [point.signals for point in chart.points]


def mirrored(signals):
    return [(signal.kind, "low" if signal.side.value == "high" else "high") for signal in signals]


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES, st.integers(-400, 400))
def test_moving_a_whole_series_moves_its_lines_and_no_flag(values, rules, by):
    before = control_chart(values, rules=rules)
    after = control_chart([None if value is None else value + by for value in values], rules=rules)
    assert flags(before) == flags(after)
    for old, new in zip(before.points, after.points, strict=True):
        assert (old.limits is None) is (new.limits is None)
        if old.limits is not None:
            assert new.limits.upper == pytest.approx(old.limits.upper + by, abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES, st.sampled_from([0.5, 2, 8]))
def test_a_change_of_unit_changes_no_flag(values, rules, factor):
    before = control_chart(values, rules=rules)
    after = control_chart([None if value is None else value * factor for value in values], rules=rules)
    assert flags(before) == flags(after)


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES)
def test_a_series_upside_down_has_its_flags_upside_down(values, rules):
    before = control_chart(values, rules=rules)
    after = control_chart([None if value is None else -value for value in values], rules=rules)
    for old, new in zip(flags(before), flags(after), strict=True):
        assert mirrored(old) == [(signal.kind, signal.side.value) for signal in new]


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES, st.integers(1, 3))
def test_a_withheld_week_at_the_end_changes_nothing_before_it(values, rules, gaps):
    before = control_chart(values, rules=rules)
    after = control_chart(values + [None] * gaps, rules=rules)
    assert after.points[: len(values)] == before.points


@settings(max_examples=100, deadline=None)
@given(SERIES, RULES)
def test_lines_are_ordered_and_gaps_never_flagged(values, rules):
    for point in control_chart(values, rules=rules).points:
        if point.limits is not None:
            limits = point.limits
            assert limits.lower <= limits.near_lower <= point.centre <= limits.near_upper <= limits.upper
        if point.value is None:
            assert point.signals == ()


@settings(max_examples=100, deadline=None)
@given(SERIES)
def test_a_shorter_run_rule_flags_at_least_as_much(values):
    strict, loose = control_chart(values, rules=MDC7), control_chart(values, rules=MDC6)
    for one, other in zip(flags(strict), flags(loose), strict=True):
        assert {str(signal) for signal in one} <= {str(signal) for signal in other}


@settings(max_examples=100, deadline=None)
@given(FIGURES, METHODS)
def test_lines_of_every_kind_are_ordered_and_gaps_never_flagged(figures, method):
    chart = control_chart(*split(figures), method=method)
    for point in chart.points:
        if point.limits is not None:
            limits = point.limits
            assert limits.lower <= limits.near_lower <= point.centre <= limits.near_upper <= limits.upper
        if point.value is None:
            assert point.signals == ()


@settings(max_examples=100, deadline=None)
@given(FIGURES, st.integers(-400, 400), st.sampled_from([0.5, 2, 8]))
def test_moving_or_stretching_an_i_prime_chart_changes_no_flag(figures, by, factor):
    values, sizes = split(figures)
    before = control_chart(values, sizes, method=I_PRIME)
    moved = [None if value is None else value * factor + by for value in values]
    after = control_chart(moved, sizes, method=I_PRIME)
    assert flags(before) == flags(after)
    assert before.stage == after.stage


@settings(max_examples=100, deadline=None)
@given(FIGURES, st.integers(2, 5))
def test_more_answers_everywhere_change_no_line_of_an_i_prime_chart(figures, times):
    values, sizes = split(figures)
    before = control_chart(values, sizes, method=I_PRIME)
    after = control_chart(values, [size and size * times for size in sizes], method=I_PRIME)
    for old, new in zip(before.points, after.points, strict=True):
        assert (old.limits is None) is (new.limits is None)
        if old.limits is not None:
            assert new.limits.upper == pytest.approx(old.limits.upper, rel=1e-9, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES.filter(lambda value: value is not None), max_size=40), st.integers(5, 60))
def test_equal_numbers_of_answers_make_i_prime_agree_with_xmr(values, n):
    plain, weighed = control_chart(values), control_chart(values, [n] * len(values), method=I_PRIME)
    assert plain.kind.weighs is False
    for one, other in zip(plain.points, weighed.points, strict=True):
        assert (one.limits is None) is (other.limits is None)
        if one.limits is not None:  # 2.66 is 2.6587 rounded up
            assert other.limits.upper - other.centre == pytest.approx(one.limits.upper - one.centre, rel=1e-3)


@settings(max_examples=100, deadline=None)
@given(FIGURES, METHODS, st.integers(1, 3))
def test_withheld_weeks_at_the_end_change_nothing_before_them(figures, method, gaps):
    before = control_chart(*split(figures), method=method)
    after = control_chart(*split(figures + [None] * gaps), method=method)
    assert after.points[: len(figures)] == before.points

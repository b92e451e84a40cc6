from __future__ import annotations

import math
from dataclasses import replace

import pytest

from survey_app.stats.baselines import Stage, stage_of
from survey_app.stats.charting import I_PRIME, PERCENT, Method, control_chart
from survey_app.stats.kinds import ChartKind
from survey_app.stats.limits import BadSeriesError
from survey_app.stats.presets import ANHOEJ, MDC6, MDC7, NHSR
from survey_app.stats.signals import SignalKind

SPIKE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
BEFORE = [1.9, 2.1, 2.0, 1.8, 2.2, 2.0, 1.7, 2.1, 1.9, 2.0, 2.3, 1.8, 2.0, 2.1, 1.9, 2.2, 1.8, 2.0, 2.1, 1.9]
AFTER = [1.6, 1.7, 1.5, 1.6, 1.4, 1.5]


def rows_with(chart, kind):
    return [
        row for row, point in enumerate(chart.points) if any(signal.kind is kind for signal in point.signals)
    ]


def test_limits_from_all_points_hide_a_late_drop():
    chart = control_chart(BEFORE + AFTER, rules=replace(MDC7, lock_at=None))
    point = chart.points[0]
    assert (point.centre, point.limits.lower, point.limits.upper) == pytest.approx(
        (1.8885, 1.2926, 2.4843), abs=5e-5
    )
    assert [point.signals for point in chart.points if point.signals] == []


def test_a_run_of_six_is_enough_for_the_six_point_preset():
    chart = control_chart(BEFORE + AFTER, rules=MDC6)
    assert rows_with(chart, SignalKind.SHIFT) == list(range(20, 26))


@pytest.mark.parametrize("rules", [MDC7, MDC6])
def test_limits_fixed_on_a_baseline_show_a_late_drop(rules):
    chart = control_chart(BEFORE + AFTER, rules=rules, baseline=20)
    assert chart.points == control_chart(BEFORE + AFTER, rules=replace(rules, lock_at=20)).points
    assert chart.stage is Stage.LOCKED
    point = chart.points[0]
    assert (point.centre, point.limits.lower, point.limits.upper) == pytest.approx(
        (1.99, 1.346, 2.634), abs=5e-4
    )
    assert rows_with(chart, SignalKind.SHIFT) == list(range(19, 26))
    assert rows_with(chart, SignalKind.TWO_OF_THREE) == [22, 24, 25]
    assert rows_with(chart, SignalKind.ASTRONOMICAL) == rows_with(chart, SignalKind.TREND) == []


@pytest.mark.parametrize(
    ("stage", "sizes"),
    [
        (Stage.DOTS, (0, 4)),
        (Stage.RUN, (5, 12)),
        (Stage.TRIAL, (13, 200)),
    ],
)
def test_a_stage_starts_at_its_number_of_points(stage, sizes):
    assert {stage_of(size) for size in sizes} == {stage}


def test_twenty_fixed_figures_lock_limits_and_nineteen_do_not():
    assert [stage_of(size, fixed=True) for size in (19, 20)] == [Stage.TRIAL, Stage.LOCKED]


def test_under_five_points_nothing_is_drawn_behind_them():
    chart = control_chart([1, 9, 1, 9])
    assert chart.kind is ChartKind.NONE
    assert all(point.lines is None for point in chart.points)


def test_from_five_to_twelve_points_there_is_a_median_and_no_signal():
    chart = control_chart([1, 1, 1, 100, 2, 3, 4, 5, 6, 7, 8, 9])
    assert chart.kind is ChartKind.RUN
    assert {point.centre for point in chart.points} == {4.5}
    assert all(point.limits is None and point.signals == () for point in chart.points)
    assert chart.points[3].side == 1


def test_thirteen_points_give_trial_limits():
    chart = control_chart([3, 4] * 6 + [3])
    assert (chart.kind, chart.stage) == (ChartKind.XMR, Stage.TRIAL)


def test_gaps_do_not_count_towards_a_stage():
    assert control_chart([3, 4] * 6 + [None, None]).stage is Stage.RUN


def test_the_parity_preset_gives_limits_from_two_points_on():
    assert control_chart([1, 2], rules=NHSR).points[0].limits.upper == pytest.approx(1.5 + 2.66)


@pytest.mark.parametrize("values", [[], [5], [None], [None] * 30])
def test_nothing_to_compare_gives_no_lines(values):
    chart = control_chart(values)
    assert (chart.kind, chart.stage, len(chart.points)) == (ChartKind.NONE, Stage.DOTS, len(values))


@pytest.mark.parametrize("rules", [MDC7, MDC6, NHSR])
@pytest.mark.parametrize("value", [0, 2.1, 3.3, 1e9 + 0.1])
def test_a_series_that_never_moves_has_no_flag(rules, value):
    chart = control_chart([value] * 20, rules=rules)
    assert all(point.signals == () and not point.outside for point in chart.points)


def test_a_flat_series_is_a_run_chart_in_the_house_presets():
    chart = control_chart([2.1] * 20)
    assert (chart.kind, chart.stage, chart.points[0].limits) == (ChartKind.RUN, Stage.RUN, None)
    assert chart.points[0].centre == 2.1


def test_a_gap_keeps_its_lines_and_has_no_side():
    point = control_chart([3, 4] * 10 + [None]).points[-1]
    assert (point.value, point.outside, point.side, point.signals) == (None, None, None, ())
    assert point.centre == pytest.approx(3.5)


def test_each_segment_has_its_own_lines_and_starts_at_the_rebase():
    chart = control_chart([3, 4] * 10 + [13, 14] * 10, rebases=[20])
    assert [point.segment for point in chart.points] == [0] * 20 + [1] * 20
    assert chart.points[19].centre == pytest.approx(3.5)
    assert chart.points[20].centre == pytest.approx(13.5)
    assert not any(point.signals for point in chart.points)


def test_a_young_segment_goes_through_the_stages_again():
    chart = control_chart([3, 4] * 10 + [13, 14] * 3, rebases=[20])
    assert (chart.stage, chart.kind) == (Stage.RUN, ChartKind.RUN)
    assert chart.segments[0].stage is Stage.TRIAL


def test_a_rebase_at_the_first_row_counts_segments_from_one():
    assert {point.segment for point in control_chart([3, 4] * 10, rebases=[0]).points} == {1}


def test_rebases_may_be_unsorted_and_doubled():
    chart = control_chart([3, 4] * 10, rebases=[12, 6, 12])
    assert [segment.start for segment in chart.segments] == [0, 6, 12]


def test_a_baseline_applies_inside_each_segment():
    chart = control_chart([3, 4] * 7 + [9, 9] + [13, 14] * 7 + [1, 1], rebases=[16], baseline=14)
    assert chart.points[15].centre == pytest.approx(3.5)
    assert chart.points[31].centre == pytest.approx(13.5)


def test_limits_on_a_short_baseline_stay_trial_however_long_the_series():
    assert control_chart([3, 4] * 20, baseline=14).stage is Stage.TRIAL


@pytest.mark.parametrize("rebase", [-1, 20, 99])
def test_a_rebase_outside_the_series_is_refused(rebase):
    with pytest.raises(BadSeriesError, match="outside the series"):
        control_chart([3, 4] * 10, rebases=[rebase])


@pytest.mark.parametrize(("rules", "baseline"), [(MDC7, 12), (NHSR, 11), (MDC7, 0), (MDC7, -3)])
def test_a_baseline_too_short_to_trust_is_refused(rules, baseline):
    with pytest.raises(BadSeriesError, match="too short"):
        control_chart([3, 4] * 10, rules=rules, baseline=baseline)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e101])
def test_a_value_that_is_no_ordinary_number_is_refused(bad):
    with pytest.raises(BadSeriesError, match="value 1 "):
        control_chart([3, bad, 4])


def test_limits_lock_at_26_figures_and_rest_on_the_first_26():
    chart = control_chart([3, 4] * 13)
    assert (chart.stage, chart.segments[0].baseline.n_rows) == (Stage.LOCKED, 26)
    later = control_chart([3, 4] * 13 + [9] * 6)
    assert later.points[0].lines == chart.points[0].lines
    assert rows_with(later, SignalKind.ASTRONOMICAL) == list(range(26, 32))


def test_25_figures_are_on_trial_however_many_gaps_there_are():
    chart = control_chart([3, 4, None] * 12 + [3])
    assert chart.stage is Stage.TRIAL
    assert control_chart([3, 4, None] * 12 + [3, 4]).segments[0].baseline.n_rows == 38


@pytest.mark.parametrize("lock_at", [12, 19, 27])
def test_a_lock_outside_20_to_26_is_refused(lock_at):
    with pytest.raises(ValueError, match="20 to 26"):
        replace(MDC7, lock_at=lock_at)


def test_a_flat_start_locks_when_something_has_moved():
    flat = control_chart([5] * 40)
    assert (flat.stage, flat.kind) == (Stage.RUN, ChartKind.RUN)
    moved = control_chart([5] * 40 + [6])
    assert (moved.stage, moved.segments[0].baseline.n_rows) == (Stage.LOCKED, 41)
    assert control_chart([5] * 40 + [6, 9, 1]).points[0].lines == moved.points[0].lines


SIZES = [12, 15, 9, 20, 14, 11, 8, 16, 22, 18, 13, 10, 17, 15, 12, 19, 9, 14, 16, 11, 25, 30, 28, 22, 26, 24]


def test_each_point_of_an_i_prime_chart_has_limits_of_its_own():
    chart = control_chart(BEFORE + AFTER, SIZES, method=I_PRIME)
    limits = [point.limits for point in chart.points]
    assert chart.kind is ChartKind.I_PRIME
    assert chart.points[0].centre == pytest.approx(1.8427, abs=5e-5)
    assert [(one.lower, one.upper) for one in limits[:3]] == [
        pytest.approx(pair, abs=5e-5) for pair in [(1.1866, 2.4987), (1.2559, 2.4294), (1.0851, 2.6002)]
    ]


def test_a_point_is_judged_by_its_own_limits():
    values, sizes = [50, 52] * 13, [20] * 26
    few = control_chart([*values, 56], [*sizes, 10], method=I_PRIME)
    many = control_chart([*values, 56], [*sizes, 200], method=I_PRIME)
    assert few.points[26].signals == ()
    assert [str(signal) for signal in many.points[26].signals] == ["astronomical_high"]
    assert few.points[:26] == many.points[:26]


def test_a_gap_of_a_chart_that_weighs_has_its_centre_only():
    point = control_chart([50, 52] * 13 + [None], [20] * 26 + [None], method=I_PRIME).points[-1]
    assert (point.centre, point.limits, point.signals) == (51, None, ())


def test_limits_of_shares_end_at_none_and_all():
    shares = [80, 100, 90, 70, 100, 90, 60] * 2
    chart = control_chart(shares, [10] * 14, method=PERCENT)
    assert chart.kind is ChartKind.P_PRIME
    assert {point.limits.upper for point in chart.points} == {100}
    assert not any(point.outside for point in chart.points)


@pytest.mark.parametrize("share", [0, 100])
def test_shares_of_none_or_all_give_no_limits(share):
    chart = control_chart([share] * 30, [20] * 30, method=PERCENT)
    assert (chart.kind, chart.points[0].limits) == (ChartKind.RUN, None)
    assert not any(point.signals for point in chart.points)


@pytest.mark.parametrize(
    "sizes", [None, [20] * 29, [20] * 29 + [0], [20] * 29 + [None], [20] * 29 + [math.nan]]
)
def test_a_figure_that_does_not_say_from_how_many_is_refused(sizes):
    with pytest.raises(BadSeriesError, match="expected"):
        control_chart([3, 4] * 15, sizes, method=I_PRIME)


@pytest.mark.parametrize("kind", [ChartKind.RUN, ChartKind.NONE])
def test_a_chart_without_limits_is_asked_for_by_its_preset(kind):
    with pytest.raises(BadSeriesError, match="anhoej"):
        Method(kind)


def test_the_run_chart_preset_never_has_limits_and_judges_the_chart_as_a_whole():
    chart = control_chart([1, 2, 1, 2, 1] * 3 + [9, 8, 9, 8, 9] * 3, rules=ANHOEJ)
    assert (chart.kind, chart.stage, chart.points[0].limits) == (ChartKind.RUN, Stage.RUN, None)
    assert chart.segments[0].runs.signal
    assert chart.segments[0].runs.longest_run == 15


def test_a_young_chart_has_a_run_test_of_its_points_off_the_median():
    runs = control_chart([1, 2, 3, 4, 5, 6, 7]).segments[0].runs
    assert (runs.n_useful, runs.longest_run, runs.n_crossings) == (6, 3, 1)


def test_both_directions_at_one_point_are_listed():
    rising_below = [43, 44, 45, 46, 47, 48, 49]
    point = control_chart([50, 52] * 13 + rising_below).points[-1]
    assert [str(signal) for signal in point.signals] == ["trend_high", "shift_low"]

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from survey_app.stats.limits import BadSeriesError
from survey_app.stats.presets import MDC6, MDC7, NHSR
from survey_app.stats.signals import SignalKind
from survey_app.stats.xmr import ChartKind, Stage, stage_of, xmr_chart, xmr_limits

SPIKE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
BEFORE = [1.9, 2.1, 2.0, 1.8, 2.2, 2.0, 1.7, 2.1, 1.9, 2.0, 2.3, 1.8, 2.0, 2.1, 1.9, 2.2, 1.8, 2.0, 2.1, 1.9]
AFTER = [1.6, 1.7, 1.5, 1.6, 1.4, 1.5]


def rows_with(chart, kind):
    return [
        row for row, point in enumerate(chart.points) if any(signal.kind is kind for signal in point.signals)
    ]


def test_limits_of_the_published_spike_without_screening():
    limits = xmr_limits(SPIKE, rules=MDC7)
    assert limits.mean == pytest.approx(1.9444, abs=1e-4)
    assert (limits.lower, limits.upper) == pytest.approx((-3.06, 6.95), abs=0.005)


def test_limits_of_the_published_spike_with_screening():
    limits = xmr_limits(SPIKE, rules=replace(MDC7, screen_outliers=True))
    assert (limits.lower, limits.upper) == pytest.approx((-0.72, 4.60), abs=0.005)


def test_near_limits_lie_at_two_thirds_of_the_way():
    limits = xmr_limits(SPIKE, rules=MDC7)
    assert (limits.near_upper - limits.mean) * 3 == pytest.approx((limits.upper - limits.mean) * 2)
    assert (limits.mean - limits.near_lower) * 3 == pytest.approx((limits.mean - limits.lower) * 2)


def test_limits_from_all_points_hide_a_late_drop():
    chart = xmr_chart(BEFORE + AFTER)
    point = chart.points[0]
    assert (point.mean, point.lower, point.upper) == pytest.approx((1.8885, 1.2926, 2.4843), abs=5e-5)
    assert [point.signals for point in chart.points if point.signals] == []


def test_a_run_of_six_is_enough_for_the_six_point_preset():
    chart = xmr_chart(BEFORE + AFTER, rules=MDC6)
    assert rows_with(chart, SignalKind.SHIFT) == list(range(20, 26))


@pytest.mark.parametrize("rules", [MDC7, MDC6])
def test_limits_fixed_on_a_baseline_show_a_late_drop(rules):
    chart = xmr_chart(BEFORE + AFTER, rules=rules, baseline=20)
    point = chart.points[0]
    assert (point.mean, point.lower, point.upper) == pytest.approx((1.99, 1.346, 2.634), abs=5e-4)
    assert rows_with(chart, SignalKind.SHIFT) == list(range(19, 26))
    assert rows_with(chart, SignalKind.TWO_OF_THREE) == [22, 24, 25]
    assert rows_with(chart, SignalKind.ASTRONOMICAL) == rows_with(chart, SignalKind.TREND) == []


@pytest.mark.parametrize(
    ("stage", "sizes"),
    [
        (Stage.DOTS, (0, 4)),
        (Stage.RUN, (5, 12)),
        (Stage.TRIAL, (13, 19)),
        (Stage.READY, (20, 200)),
    ],
)
def test_a_stage_starts_at_its_number_of_points(stage, sizes):
    assert {stage_of(size) for size in sizes} == {stage}


def test_under_five_points_nothing_is_drawn_behind_them():
    chart = xmr_chart([1, 9, 1, 9])
    assert chart.kind is ChartKind.NONE
    assert all(point.mean is None and point.upper is None for point in chart.points)


def test_from_five_to_twelve_points_there_is_a_median_and_no_signal():
    chart = xmr_chart([1, 1, 1, 100, 2, 3, 4, 5, 6, 7, 8, 9])
    assert chart.kind is ChartKind.RUN
    assert {point.mean for point in chart.points} == {4.5}
    assert all(point.upper is None and point.signals == () for point in chart.points)
    assert chart.points[3].relative_to_mean == 1


def test_thirteen_points_give_trial_limits():
    chart = xmr_chart([3, 4] * 6 + [3])
    assert (chart.kind, chart.stage) == (ChartKind.XMR, Stage.TRIAL)


def test_gaps_do_not_count_towards_a_stage():
    assert xmr_chart([3, 4] * 6 + [None, None]).stage is Stage.RUN


def test_the_parity_preset_gives_limits_from_two_points_on():
    assert xmr_chart([1, 2], rules=NHSR).points[0].upper == pytest.approx(1.5 + 2.66)


@pytest.mark.parametrize("values", [[], [5], [None], [None] * 30])
def test_nothing_to_compare_gives_no_lines(values):
    chart = xmr_chart(values)
    assert (chart.kind, chart.stage, len(chart.points)) == (ChartKind.NONE, Stage.DOTS, len(values))


@pytest.mark.parametrize("rules", [MDC7, MDC6, NHSR])
@pytest.mark.parametrize("value", [0, 2.1, 3.3, 1e9 + 0.1])
def test_a_series_that_never_moves_has_no_flag(rules, value):
    chart = xmr_chart([value] * 20, rules=rules)
    assert all(point.signals == () and not point.outside for point in chart.points)


def test_a_flat_series_is_a_run_chart_in_the_house_presets():
    chart = xmr_chart([2.1] * 20)
    assert (chart.kind, chart.points[0].upper, chart.points[0].mean) == (ChartKind.RUN, None, 2.1)


def test_moving_ranges_are_not_taken_across_a_gap():
    assert xmr_limits([1, 2, None, 50, 51], rules=MDC7).mr == pytest.approx(1)


def test_values_without_neighbours_have_no_limits():
    assert xmr_limits([1, None, 2, None, 3], rules=MDC7) is None


def test_a_gap_keeps_its_lines_and_has_no_side():
    point = xmr_chart([3, 4] * 10 + [None]).points[-1]
    assert (point.value, point.outside, point.relative_to_mean, point.signals) == (None, None, None, ())
    assert point.mean == pytest.approx(3.5)


def test_each_segment_has_its_own_lines_and_starts_at_the_rebase():
    chart = xmr_chart([3, 4] * 10 + [13, 14] * 10, rebases=[20])
    assert [point.segment for point in chart.points] == [0] * 20 + [1] * 20
    assert chart.points[19].mean == pytest.approx(3.5)
    assert chart.points[20].mean == pytest.approx(13.5)
    assert not any(point.signals for point in chart.points)


def test_a_young_segment_goes_through_the_stages_again():
    chart = xmr_chart([3, 4] * 10 + [13, 14] * 3, rebases=[20])
    assert (chart.stage, chart.kind) == (Stage.RUN, ChartKind.RUN)
    assert chart.segments[0].stage is Stage.READY


def test_a_rebase_at_the_first_row_counts_segments_from_one():
    assert {point.segment for point in xmr_chart([3, 4] * 10, rebases=[0]).points} == {1}


def test_rebases_may_be_unsorted_and_doubled():
    chart = xmr_chart([3, 4] * 10, rebases=[12, 6, 12])
    assert [segment.start for segment in chart.segments] == [0, 6, 12]


def test_a_baseline_applies_inside_each_segment():
    chart = xmr_chart([3, 4] * 7 + [9, 9] + [13, 14] * 7 + [1, 1], rebases=[16], baseline=14)
    assert chart.points[15].mean == pytest.approx(3.5)
    assert chart.points[31].mean == pytest.approx(13.5)


def test_limits_on_a_short_baseline_stay_trial_however_long_the_series():
    assert xmr_chart([3, 4] * 20, baseline=14).stage is Stage.TRIAL


@pytest.mark.parametrize("rebase", [-1, 20, 99])
def test_a_rebase_outside_the_series_is_refused(rebase):
    with pytest.raises(BadSeriesError, match="outside the series"):
        xmr_chart([3, 4] * 10, rebases=[rebase])


@pytest.mark.parametrize(("rules", "baseline"), [(MDC7, 12), (NHSR, 11), (MDC7, 0), (MDC7, -3)])
def test_a_baseline_too_short_to_trust_is_refused(rules, baseline):
    with pytest.raises(BadSeriesError, match="too short"):
        xmr_chart([3, 4] * 10, rules=rules, baseline=baseline)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e101])
def test_a_value_that_is_no_ordinary_number_is_refused(bad):
    with pytest.raises(BadSeriesError, match="value 1 "):
        xmr_chart([3, bad, 4])

from __future__ import annotations

import pytest

from survey_app.stats.charting import I_PRIME, control_chart
from survey_app.stats.presets import NHSR
from survey_app.stats.signals import Side, Signal, SignalKind
from survey_app.stats.variation import (
    Assurance,
    Direction,
    PointState,
    VariationIcon,
    assurance,
    point_state,
    point_states,
    variation_icon,
)

STEADY = [3, 4] * 13  # limits 0.84 and 6.16
UP, DOWN, NEUTRAL = Direction.INCREASE, Direction.DECREASE, Direction.NEUTRAL


@pytest.mark.parametrize(
    ("side", "direction", "state"),
    [
        (Side.HIGH, UP, PointState.IMPROVEMENT),
        (Side.LOW, UP, PointState.CONCERN),
        (Side.HIGH, DOWN, PointState.CONCERN),
        (Side.LOW, DOWN, PointState.IMPROVEMENT),
        (Side.HIGH, NEUTRAL, PointState.NEUTRAL_HIGH),
        (Side.LOW, NEUTRAL, PointState.NEUTRAL_LOW),
    ],
)
def test_the_direction_decides_what_a_signal_means(side, direction, state):
    assert point_state((Signal(SignalKind.SHIFT, side),), direction) is state


@pytest.mark.parametrize("direction", Direction)
def test_no_signal_is_common_cause(direction):
    assert point_state((), direction) is PointState.COMMON_CAUSE


def test_the_first_signal_names_a_point_with_several():
    signals = (Signal(SignalKind.TREND, Side.HIGH), Signal(SignalKind.SHIFT, Side.LOW))
    assert point_state(signals, UP) is PointState.IMPROVEMENT


def test_gaps_and_young_charts_are_not_judged():
    assert point_states(control_chart([*STEADY, None]), UP)[-1] is PointState.NONE
    assert set(point_states(control_chart([1, 2, 3, 4, 5, 6]), UP)) == {PointState.NONE}


def test_the_variation_icon_is_that_of_the_latest_point_only():
    assert variation_icon(control_chart([*STEADY, 9, 3]), UP) is VariationIcon.COMMON_CAUSE
    assert variation_icon(control_chart([*STEADY, 9]), UP) is VariationIcon.IMPROVEMENT_HIGH
    assert variation_icon(control_chart([*STEADY, 9]), DOWN) is VariationIcon.CONCERN_HIGH
    assert variation_icon(control_chart([*STEADY, -9]), NEUTRAL) is VariationIcon.NEUTRAL_LOW


def test_a_withheld_latest_week_has_no_icon():
    assert variation_icon(control_chart([*STEADY, None]), UP) is None
    assert variation_icon(control_chart([]), UP) is None


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (7, Assurance.FAIL, Assurance.PASS),
        (0.5, Assurance.PASS, Assurance.FAIL),
        (3.5, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (3.5 + 2.66, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (3.5 - 2.66, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
    ],
)
def test_assurance_compares_the_target_with_the_limits_strictly(target, up, down):
    chart = control_chart(STEADY)
    assert (assurance(chart, target, UP), assurance(chart, target, DOWN)) == (up, down)


def test_no_assurance_without_target_or_direction():
    chart = control_chart(STEADY)
    assert assurance(chart, None, UP) is None
    assert assurance(chart, 7, NEUTRAL) is None
    assert assurance(control_chart([]), 7, UP) is None


def test_no_assurance_while_limits_are_on_trial_or_missing():
    assert assurance(control_chart(STEADY[:25]), 7, UP) is None
    assert assurance(control_chart([2] * 30), 7, UP) is None


def test_assurance_uses_the_latest_segment():
    chart = control_chart(STEADY + [13, 14] * 13, rebases=[26])
    assert assurance(chart, 7, UP) is Assurance.PASS


def test_the_parity_preset_judges_without_limits():
    chart = control_chart([2] * 20, rules=NHSR)
    assert assurance(chart, 7, UP) is Assurance.INCONSISTENT
    assert variation_icon(chart, UP) is VariationIcon.COMMON_CAUSE


def test_where_limits_follow_n_the_median_number_of_answers_decides():
    def promised(sizes):
        return assurance(control_chart([60, 70] * 13, sizes, method=I_PRIME), 88, UP)

    assert promised([10] * 12 + [40] * 14) is Assurance.FAIL
    assert promised([10] * 14 + [40] * 12) is Assurance.INCONSISTENT

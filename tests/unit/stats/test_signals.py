from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.limits import Limits, Lines
from survey_app.stats.presets import MDC6, MDC7, NHSR
from survey_app.stats.signals import find_signals

LINES = Lines(0, Limits(lower=-3, upper=3, near_lower=-2, near_upper=2))


def flags(values, rules=MDC7):
    found = find_signals(values, [LINES] * len(values), rules)
    return ["+".join(str(signal) for signal in signals) for signals in found]


def named(values, name, rules=MDC7):
    return [row for row, flag in enumerate(flags(values, rules)) if name in flag]


def test_a_point_on_a_limit_is_not_outside():
    assert flags([3, -3]) == ["", ""]


def test_a_point_beyond_a_limit_is_astronomical_on_its_side():
    assert flags([3.01, -3.01]) == ["astronomical_high", "astronomical_low"]


def test_rounding_puts_no_point_outside():
    assert flags([3 + 1e-12]) == [""]


def test_all_seven_points_on_one_side_are_flagged():
    assert named([-1, 1, 0.5, 1, 0.5, 1, 0.5, 1, -1], "shift_high") == list(range(1, 8))


def test_six_points_on_one_side_are_no_shift_for_mdc7_and_one_for_mdc6():
    values = [-1, 1, 0.5, 1, 0.5, 1, 0.5, -1]
    assert named(values, "shift") == []
    assert named(values, "shift_high", MDC6) == list(range(1, 7))


def test_a_point_on_the_mean_breaks_a_shift():
    assert named([1, 0.5, 1, 0, 1, 0.5, 1, 0.5], "shift") == []


def test_seven_falling_points_are_a_trend_all_of_them_flagged():
    values = [-1, 1.5, 1, 0.5, 0.1, -0.1, -0.5, -1, 1]
    assert named(values, "trend_low") == list(range(1, 8))


def test_an_equal_pair_breaks_a_trend():
    assert named([1.5, 1, 0.5, 0.5, 0.1, -0.1, -0.5, -1], "trend") == []


def test_the_turning_point_of_two_trends_keeps_its_first_name_and_lists_both():
    up = [-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5]
    found = flags(up + up[-2::-1])
    assert found[6].startswith("trend_high")
    assert "trend_low" in found[6]
    assert flags(up + up[-2::-1], NHSR)[6].startswith("trend_low")
    assert "trend_low" not in found[0]


def test_two_trends_one_after_the_other_keep_their_own_slopes_in_the_house():
    twice = [-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5, -1.2, -0.8, -0.4, 0.2, 0.6, 1.2, 1.7]
    assert named(twice, "trend_high") == list(range(14))
    assert named(twice, "trend_low", NHSR) == [6]


def test_two_of_three_near_a_limit_flag_only_the_near_ones():
    assert flags([-1, 2.5, 0.5, 2.5, -1]) == ["", "two_of_three_high", "", "two_of_three_high", ""]


def test_two_of_three_needs_all_three_on_one_side():
    assert flags([2.5, -0.5, 2.5]) == ["", "", ""]
    assert flags([2.5, 0, 2.5]) == ["", "", ""]


def test_a_point_on_the_near_limit_is_not_near():
    assert flags([2.0, 2.5, 1]) == ["", "", ""]


def test_a_point_outside_counts_as_near_in_the_modern_form_only():
    values = [-1, 3.5, 2.5, 0.5, -1]
    assert flags(values)[1:3] == ["astronomical_high+two_of_three_high", "two_of_three_high"]
    assert flags(values, NHSR)[1:3] == ["astronomical_high", ""]


def test_a_window_at_the_end_must_lie_inside():
    assert flags([-1, 2.5, 2.5]) == ["", "", ""]


def test_signals_found_at_once_stand_in_order_of_precedence():
    found = flags([2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 3.5])
    assert found[-1] == "astronomical_high+trend_high+two_of_three_high+shift_high"


def test_a_signal_found_earlier_names_the_point_before_one_found_later():
    values = [2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 3.5]
    assert flags(values)[0] == "two_of_three_high+trend_high+shift_high"
    assert flags(values, NHSR)[0] == "trend_high+two_of_three_high+shift_high"


def test_each_signal_says_at_which_row_its_pattern_was_complete():
    values = [-1, 1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5]
    found = find_signals(values, [LINES] * 9, MDC7)
    assert [[signal.found_at for signal in signals] for signals in found] == [[], *[[7]] * 7, [8]]
    moved = find_signals(values, [LINES] * 9, MDC7, first_row=100)
    assert moved[1][0].found_at == 107


def test_two_of_three_is_found_with_the_third_point_not_with_the_second_near_one():
    found = find_signals([-1, 2.5, 2.5, 0.5], [LINES] * 4, MDC7)
    assert [[(str(s), s.found_at) for s in signals] for signals in found[1:3]] == [
        [("two_of_three_high", 3)]
    ] * 2


def test_each_point_is_held_against_its_own_lines():
    wide, tight = Lines(0, Limits(-9, 9, -6, 6)), Lines(0, Limits(-1, 1, -0.5, 0.5))
    found = find_signals([2, 2, -0.8, -0.8, -0.1], [wide, tight, tight, tight, wide], MDC7)
    assert ["+".join(map(str, signals)) for signals in found] == [
        "", "astronomical_high", "two_of_three_low", "two_of_three_low", "",
    ]  # fmt: skip


@pytest.mark.parametrize("gap", [[None], [None, 1, None]])
def test_single_gaps_keep_a_run_alive(gap):
    values = [1, 0.5, 1, *gap, 0.5, 1, 0.5, 1]
    assert named(values, "shift_high") == [row for row, value in enumerate(values) if value is not None]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([-4, -2.5, -1, -0.5, 0, 0.5, 1, 2.5, 4]), max_size=40), st.integers(0, 40))
def test_one_missing_week_changes_no_signal_of_the_weeks_around_it(values, place):
    place = min(place, len(values))
    with_gap = flags([*values[:place], None, *values[place:]])
    assert with_gap[:place] + with_gap[place + 1 :] == flags(values)


def test_two_gaps_in_a_row_end_a_run():
    assert named([1, 0.5, 1, None, None, 0.5, 1, 0.5, 1], "shift") == []


def test_a_single_gap_ends_a_run_under_the_parity_preset():
    assert named([1, 0.5, 1, None, 0.5, 1, 0.5, 1], "shift", NHSR) == []


def test_a_trend_goes_on_after_one_gap():
    assert named([-1.5, -1, -0.5, None, 0.1, 0.5, 1, 1.5], "trend_high") == [0, 1, 2, 4, 5, 6, 7]


def test_without_limits_only_trends_and_shifts_are_found():
    found = find_signals([9, 8, 9, 8, 9, 8, 9], [Lines(0, None)] * 7, MDC7)
    assert [[str(signal) for signal in signals] for signals in found] == [["shift_high"]] * 7

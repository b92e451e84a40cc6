from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.bootstrap import bootstrap_interval
from survey_app.stats.inequality import gradient, gradient_interval, slope_index
from survey_app.stats.intervals import BadSampleError
from survey_app.stats.shrinkage import shrink

MEANS, SIZES = [1.9, 2.2, 1.7, 2.4, 2.0, 1.6], [12, 40, 25, 60, 9, 33]
PLACES = st.lists(st.tuples(st.floats(0, 3), st.integers(1, 300)), min_size=2, max_size=20)


def test_shrinkage_of_the_vector():
    found = shrink(MEANS, SIZES, 0.8)
    assert (found.tau2, found.common) == pytest.approx((0.10265, 1.9794), abs=5e-5)
    assert found.means == pytest.approx([1.9313, 2.1640, 1.7664, 2.3516, 1.9904, 1.6725], abs=5e-5)


@settings(max_examples=100, deadline=None)
@given(PLACES, st.floats(0.1, 50), st.floats(-50, 50))
def test_a_smoothed_mean_lies_between_its_own_and_the_common_and_knows_no_unit(places, scale, shift):
    means, sizes = zip(*places, strict=True)
    found = shrink(means, sizes, 0.8)
    assert (found.variances > 0).all()
    for own, smoothed in zip(means, found.means, strict=True):
        assert min(own, found.common) - 1e-9 <= smoothed <= max(own, found.common) + 1e-9
    other = shrink([mean * scale + shift for mean in means], sizes, 0.8 * scale**2)
    assert other.means == pytest.approx(found.means * scale + shift, rel=1e-6, abs=1e-6)


def test_no_more_spread_than_chance_leaves_one_common_mean():
    found = shrink([2.0, 2.01, 1.99], [20, 30, 40], 0.8)
    assert found.tau2 == 0
    assert found.means == pytest.approx([found.common] * 3)


def test_larger_places_keep_more_of_their_own():
    kept = shrink(MEANS, SIZES, 0.8).kept
    assert list(np.argsort(kept)) == list(np.argsort(SIZES))


def test_one_place_has_nobody_to_borrow_from():
    assert shrink([1.0], [10], 0.8) is None
    assert shrink([], [], 0.8) is None


@pytest.mark.parametrize(("sizes", "variance"), [([1, 0], 1), ([1, 2], 0), ([1], 1), ([1, 2], float("nan"))])
def test_places_without_answers_or_variance_are_refused(sizes, variance):
    with pytest.raises(BadSampleError, match="expected"):
        shrink([1.0, 2.0], sizes, variance)


def test_gradient_of_the_vector():
    found = gradient([200, 180, 210, 190, 220], [62, 66, 69, 73, 78])
    assert (found.slope, found.bottom, found.top) == pytest.approx((19.8399, 59.8801, 79.7199), abs=5e-5)
    assert (found.ratio, found.relative) == pytest.approx((1.3313, 0.2842), abs=6e-5)


@given(st.lists(st.tuples(st.integers(1, 900), st.floats(0, 100)), min_size=2, max_size=8))
def test_turning_the_order_turns_the_slope(groups):
    people, means = zip(*groups, strict=True)
    found, turned = gradient(people, means), gradient(people[::-1], means[::-1])
    assert turned.slope == pytest.approx(-found.slope, abs=1e-6)
    assert found.top - found.bottom == pytest.approx(found.slope, abs=1e-9)
    assert gradient([10 * size for size in people], means).slope == pytest.approx(found.slope, abs=1e-9)


def test_a_straight_line_through_equal_groups_is_found_whole():
    # means at ranks .1, .3, .5, .7, .9 of a line from 40 to 60
    found = gradient([7] * 5, [42, 46, 50, 54, 58])
    assert (found.bottom, found.top) == pytest.approx((40, 60))


def test_where_nothing_is_above_nought_there_is_no_ratio():
    found = gradient([1, 1], [-1, -2])
    assert (found.ratio, found.relative) == (None, None)
    assert gradient([1], [2]) is None


def test_groups_without_people_are_refused():
    with pytest.raises(BadSampleError, match="people"):
        gradient([1, 0], [1, 2])


def test_the_slope_index_repeats_and_holds_its_estimate():
    generator = np.random.default_rng(7)
    answers = [generator.normal(50 + 4 * place, 10, 60) for place in range(5)]
    found = slope_index([1, 1, 1, 1, 1], answers, seed=11)
    assert found == slope_index([1, 1, 1, 1, 1], answers, seed=11)
    assert found != slope_index([1, 1, 1, 1, 1], answers, seed=12)
    assert found.low < found.estimate < found.high
    assert found.low < 20 < found.high


def test_the_slope_index_needs_thirty_answers_in_each_of_two_groups():
    assert slope_index([1, 1], [[1.0] * 30, [2.0] * 29], seed=1) is None
    assert slope_index([1], [[1.0] * 30], seed=1) is None
    with pytest.raises(BadSampleError, match="one number"):
        slope_index([1, 1], [[1.0] * 30], seed=1)


def test_a_bootstrap_of_a_mean_is_as_wide_as_its_standard_error_says():
    answers = np.random.default_rng(3).normal(0, 1, 400)
    low, high = bootstrap_interval(lambda groups: float(groups[0].mean()), [answers], seed=5, draws=4000)
    half = 1.96 * answers.std(ddof=1) / 20
    assert (high - low) / 2 == pytest.approx(half, rel=0.06)


def test_a_statistic_that_often_does_not_exist_has_no_interval():
    assert bootstrap_interval(lambda _: None, [[1, 2]], seed=1) is None
    assert bootstrap_interval(lambda _: 1.0, [[1, 2], []], seed=1) is None
    assert bootstrap_interval(lambda _: 1.0, [], seed=1) is None


def test_too_few_draws_are_refused():
    with pytest.raises(BadSampleError, match="draws"):
        bootstrap_interval(lambda _: 1.0, [[1, 2]], seed=1, draws=99)


def test_counted_answers_give_the_same_slope_and_nearly_the_same_interval_as_listed_ones():
    people, scores = [200, 300, 500], [0.0, 50.0, 100.0]
    counts = [[1500, 1000, 500], [1000, 1000, 1000], [500, 1000, 2000]]
    listed = [np.repeat(scores, row) for row in counts]
    counted = gradient_interval(people, scores, counts, seed=1)
    plain = slope_index(people, listed, seed=1)
    assert counted.slope.estimate == pytest.approx(plain.estimate)
    assert (counted.slope.low, counted.slope.high) == pytest.approx((plain.low, plain.high), abs=0.6)
    assert counted.ratio.low < counted.ratio.estimate < counted.ratio.high
    assert counted == gradient_interval(people, scores, counts, seed=1)
    assert gradient_interval(people, scores, [counts[0], [20, 5, 4], counts[2]], seed=1) is None
    with pytest.raises(BadSampleError):
        gradient_interval(people, scores, counts[:2], seed=1)

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.differences import newcombe, welch
from survey_app.stats.intervals import BadSampleError

SHARES = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 3))
SUMMARIES = st.tuples(NUMBERS, st.floats(0.01, 50), st.integers(2, 300))


@settings(max_examples=100, deadline=None)
@given(SHARES, SHARES)
def test_a_difference_of_shares_lies_in_its_interval_and_mirrors(one, two):
    found, mirror = newcombe(*one, *two), newcombe(*two, *one)
    assert -1 - 1e-12 <= found.low <= found.estimate <= found.high <= 1 + 1e-12
    assert (found.low, found.high) == pytest.approx((-mirror.high, -mirror.low), abs=1e-12)


def test_two_certain_groups_still_leave_doubt():
    found = newcombe(10, 10, 0, 10)
    assert found.estimate == 1
    assert (found.low, found.high) == pytest.approx((0.6075, 1), abs=5e-5)


@pytest.mark.parametrize(("n1", "n2"), [(0, 5), (5, 0), (0, 0)])
def test_an_empty_group_differs_from_nobody(n1, n2):
    assert newcombe(0, n1, 0, n2) is None


def test_impossible_counts_are_refused():
    with pytest.raises(BadSampleError, match="count"):
        newcombe(6, 5, 1, 2)


def test_equal_groups_of_equal_spread_give_students_interval():
    # pooled t with 18 degrees of freedom: 2.100922 x 1 x sqrt(2/10)
    found = welch((3.0, 1.0, 10), (2.0, 1.0, 10))
    assert (found.low, found.high) == pytest.approx((1 - 0.939561, 1 + 0.939561), abs=1e-5)


def test_a_group_without_spread_leaves_the_freedom_of_the_other():
    found = welch((2.0, 0.0, 50), (2.0, 1.0, 5))
    assert found.high == pytest.approx(2.776445 / math.sqrt(5), abs=1e-5)


@pytest.mark.parametrize(
    ("one", "two"),
    [((1, 1, 0), (1, 1, 9)), ((1, 1, 1), (1, 1, 9)), ((1, 1, 9), (1, 1, 1)), ((1, 0, 9), (2, 0, 9))],
)
def test_too_few_or_identical_answers_give_no_difference(one, two):
    assert welch(one, two) is None


@pytest.mark.parametrize("bad", [(math.nan, 1, 9), (1, math.inf, 9), (1, -1, 9), (1, 1, -1)])
def test_what_describes_no_sample_is_refused(bad):
    with pytest.raises(BadSampleError, match="expected"):
        welch((1, 1, 9), bad)
    with pytest.raises(BadSampleError, match="level"):
        welch((1, 1, 9), (1, 1, 9), 95)


@settings(max_examples=100, deadline=None)
@given(SUMMARIES, SUMMARIES, st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_a_difference_of_means_scales_and_does_not_shift(one, two, scale, shift):
    found = welch(one, two)
    moved = [(mean * scale + shift, sd * scale, n) for mean, sd, n in (one, two)]
    other = welch(*moved)
    assert found.low <= found.estimate <= found.high
    assert (other.low, other.high) == pytest.approx(
        (found.low * scale, found.high * scale), rel=1e-6, abs=1e-6
    )


@pytest.mark.parametrize("sd", [1e-200, 1e150])
def test_tiny_and_huge_spreads_are_still_computed(sd):
    assert welch((0, sd, 10), (0, sd, 10)).high == pytest.approx(0.939561 * sd, rel=1e-5)

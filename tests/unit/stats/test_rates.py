from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.place_reliability import answers_needed, place_reliability
from survey_app.stats.rates import rate_interval


def poisson_tail(count, mean):
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count))


@pytest.mark.parametrize("count", [1, 4, 9])
def test_few_events_give_the_exact_interval(count):
    found = rate_interval(count, 1, per=1)
    assert poisson_tail(count, found.low) == pytest.approx(0.025)
    assert 1 - poisson_tail(count + 1, found.high) == pytest.approx(0.025)


def test_no_event_still_has_an_upper_end():
    found = rate_interval(0, 1000)
    assert (found.estimate, found.low) == (0, 0)
    assert found.high == pytest.approx(-math.log(0.025))


@pytest.mark.parametrize("count", [10, 25, 100])
def test_byar_comes_close_to_the_exact_interval(count):
    found = rate_interval(count, 1, per=1)
    assert poisson_tail(count, found.low) == pytest.approx(0.025, abs=1e-3)
    assert 1 - poisson_tail(count + 1, found.high) == pytest.approx(0.025, abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5000), st.floats(1, 1e6), st.floats(0.5, 0.999))
def test_a_rate_lies_in_its_interval_and_scales_with_its_unit(count, people, level):
    found, other = rate_interval(count, people, 1000, level), rate_interval(count, people, 100_000, level)
    assert 0 <= found.low <= found.estimate <= found.high
    assert other.high == pytest.approx(100 * found.high)


@pytest.mark.parametrize(
    ("count", "people"), [(-1, 5), (1.5, 5), (math.inf, 5), (math.nan, 5), (1, -5), (1, math.inf)]
)
def test_impossible_rates_are_refused(count, people):
    with pytest.raises(BadSampleError, match="expected"):
        rate_interval(count, people)


def test_nobody_has_no_rate():
    assert rate_interval(0, 0) is None


@pytest.mark.parametrize(
    ("icc", "for_70", "for_80"),
    [(0.02, 115, 196), (0.03, 76, 130), (0.05, 45, 76), (0.08, 27, 46), (0.10, 21, 36)],
)
def test_the_answers_needed_are_the_fewest_that_reach_the_reliability(icc, for_70, for_80):
    for reliability, needed in ((0.7, for_70), (0.8, for_80)):
        assert answers_needed(reliability, icc) == needed
        assert place_reliability(needed, icc) >= reliability - 1e-12
        assert place_reliability(needed - 1, icc) < reliability


@pytest.mark.parametrize(
    ("n", "icc", "found"), [(0, 0.1, 0), (100, 0, 0), (1, 0.1, 0.1), (1, 1, 1), (50, 1, 1)]
)
def test_reliability_at_the_ends(n, icc, found):
    assert place_reliability(n, icc) == pytest.approx(found)


def test_places_that_do_not_differ_are_never_told_apart():
    assert answers_needed(0.7, 0) is None
    assert answers_needed(0.7, 1) == 1


@pytest.mark.parametrize(("reliability", "icc"), [(0, 0.1), (1, 0.1), (0.7, -0.1), (0.7, 1.1)])
def test_reliabilities_that_cannot_be_are_refused(reliability, icc):
    with pytest.raises(BadSampleError, match="expected"):
        answers_needed(reliability, icc)
    with pytest.raises(BadSampleError, match="expected"):
        place_reliability(-1, 0.1)

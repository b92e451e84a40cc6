from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.funnel import (
    FunnelRules,
    Width,
    funnel_of_means,
    funnel_of_shares,
    limits_at,
    over_dispersion,
)
from survey_app.stats.intervals import BadSampleError

COUNTS = [45, 60, 30, 80, 25, 70, 52, 90, 33, 41]
SIZES = [60, 90, 50, 100, 45, 85, 80, 110, 48, 70]
PLACES = st.lists(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30
)


def test_the_funnel_of_the_vector():
    funnel = funnel_of_shares(COUNTS, SIZES)
    assert (funnel.target, funnel.phi) == pytest.approx((0.7127, 3.1583), abs=5e-5)
    assert funnel.tau2 == pytest.approx(0.008582, abs=5e-7)
    hundred = funnel.places[3]
    assert (hundred.plain.low998, hundred.plain.high998) == pytest.approx((0.5650, 0.8403), abs=5e-5)
    assert (hundred.adjusted.low998, hundred.adjusted.high998) == pytest.approx((0.3952, 0.9433), abs=5e-5)


@settings(max_examples=100, deadline=None)
@given(PLACES, st.randoms(use_true_random=False))
def test_limits_hold_the_target_widen_outwards_and_know_no_order(places, shuffler):
    rules = FunnelRules(fewest_places=2, fewest_answers=0)
    funnel = funnel_of_shares(*zip(*places, strict=True), rules)
    for place in funnel.places:
        plain, adjusted = place.plain, place.adjusted
        ends = (plain.low998, plain.low95, funnel.target, plain.high95, plain.high998)
        assert list(ends) == pytest.approx(sorted(ends), abs=1e-12)
        assert 0 <= adjusted.low998 <= plain.low998 + 1e-12
        assert plain.high998 - 1e-12 <= adjusted.high998 <= 1
    mixed = list(places)
    shuffler.shuffle(mixed)
    other = funnel_of_shares(*zip(*mixed, strict=True), rules)
    assert other.phi == pytest.approx(funnel.phi, rel=1e-6, abs=1e-9)


def test_fewer_than_ten_places_are_judged_by_chance_alone():
    funnel = funnel_of_shares(COUNTS[:9], SIZES[:9])
    assert (funnel.phi, funnel.tau2) == (0, 0)
    assert funnel.places[0].adjusted == funnel.places[0].plain


def test_a_place_with_under_ten_answers_gets_no_limits():
    funnel = funnel_of_shares([*COUNTS, 0], [*SIZES, 9])
    assert (funnel.places[-1].plain, funnel.places[-1].adjusted, funnel.places[-1].outlier) == (
        None,
        None,
        None,
    )
    assert funnel.places[0].outlier is False


def test_an_outlier_lies_strictly_beyond_the_chosen_limits():
    narrow = funnel_of_shares(COUNTS, SIZES, FunnelRules(width=Width.NARROW, adjust=False))
    wide = funnel_of_shares([*COUNTS, 40], [*SIZES, 100], FunnelRules(adjust=False))
    assert [row for row, place in enumerate(narrow.places) if place.outlier] == [3, 4, 5, 7, 9]
    assert [row for row, place in enumerate(wide.places) if place.outlier] == [5, 7, 10]
    assert narrow.tau2 == 0


@pytest.mark.parametrize("share", [0, 1])
def test_places_all_at_an_end_are_no_outliers(share):
    sizes = list(range(10, 22))
    funnel = funnel_of_shares([share * size for size in sizes], sizes)
    assert funnel.target == pytest.approx(share)
    assert {place.outlier for place in funnel.places} == {False}
    assert funnel.tau2 == 0


def test_limits_are_cut_at_the_ends_of_the_scale_not_reflected():
    funnel = funnel_of_shares([9, *[10] * 9], [10] * 10, FunnelRules(adjust=False))
    assert {place.plain.high998 for place in funnel.places} == {1}


def test_one_place_cannot_be_compared():
    funnel = funnel_of_shares([4], [10], FunnelRules(fewest_places=1))
    assert (funnel.tau2, funnel.places[0].adjusted, funnel.places[0].outlier) == (None, None, None)
    assert funnel.places[0].plain is not None
    assert funnel_of_shares([], []) is None
    assert funnel_of_means([], [], 1) is None


@pytest.mark.parametrize(
    ("counts", "sizes"), [([1], [0]), ([2], [1]), ([-1], [5]), ([1], [5, 6]), ([float("nan")], [5])]
)
def test_impossible_places_are_refused(counts, sizes):
    with pytest.raises(BadSampleError, match="expected"):
        funnel_of_shares(counts, sizes)


@pytest.mark.parametrize("trim", [-0.1, 0.5, float("nan")])
def test_a_trim_leaves_more_than_half(trim):
    with pytest.raises(BadSampleError, match="trim"):
        over_dispersion(np.ones(3), np.ones(3), trim)


def test_winsorising_pulls_in_the_extremes():
    z, errors = np.array([0.0] * 18 + [-50, 50]), np.ones(20)
    assert over_dispersion(z, errors, 0.1)[0] == 0
    assert over_dispersion(z, errors, 0)[0] == 250


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 3), st.integers(10, 200)), min_size=10, max_size=25),
    st.floats(0.5, 40),
    st.floats(-50, 50),
)
def test_means_compare_alike_in_any_unit(places, scale, shift):
    means, sizes = [mean for mean, _ in places], [size for _, size in places]
    funnel = funnel_of_means(means, sizes, 0.9)
    other = funnel_of_means([mean * scale + shift for mean in means], sizes, 0.9 * scale)
    assert other.phi == pytest.approx(funnel.phi, rel=1e-6, abs=1e-6)
    assert other.target == pytest.approx(funnel.target * scale + shift, abs=1e-6)
    assert other.tau2 == pytest.approx(funnel.tau2 * scale**2, rel=1e-4, abs=1e-5)
    for place, moved in zip(funnel.places, other.places, strict=True):
        assert place.adjusted.low998 <= funnel.target <= place.adjusted.high998
        assert moved.plain.low95 == pytest.approx(place.plain.low95 * scale + shift, abs=1e-6)


def test_means_need_a_spread():
    with pytest.raises(BadSampleError, match="sd"):
        funnel_of_means([1, 2], [10, 10], 0)


def test_the_lines_run_through_the_limits_of_the_places():
    funnel = funnel_of_shares(COUNTS, SIZES)
    assert limits_at(funnel, SIZES) == tuple(place.adjusted for place in funnel.places)
    means = funnel_of_means([50, 60, 70], [20, 30, 40], 25.0)
    assert limits_at(means, [20, 30, 40], 25.0) == tuple(place.adjusted for place in means.places)
    with pytest.raises(BadSampleError):
        limits_at(means, [0], 25.0)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.alpha import cronbach_alpha, standardised_alpha
from survey_app.stats.intervals import BadSampleError
from survey_app.stats.omega import mcdonald_omega, one_factor

VECTOR = [
    [int(value) for value in row]
    for row in ("3233", "2221", "3323", "1011", "2122", "0101", "3332", "2212", "1110", "2322")
]
ROWS = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 4), min_size=k, max_size=k), min_size=3, max_size=30)
)


def one_trait(n, k, loading, seed):
    generator = np.random.default_rng(seed)
    trait = generator.normal(size=(n, 1))
    return loading * trait + np.sqrt(1 - loading**2) * generator.normal(size=(n, k))


def test_alpha_of_the_vector_with_feldts_interval():
    found = cronbach_alpha(VECTOR)
    assert (found.alpha, found.low, found.high) == pytest.approx((0.9085, 0.7592, 0.9745), abs=5e-5)
    assert (found.n, found.against) == (10, ())


def test_people_with_a_missing_answer_are_left_out():
    assert cronbach_alpha([*VECTOR, [3, None, 0, 1], [None] * 4]) == cronbach_alpha(VECTOR)


@settings(max_examples=100, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.integers(1, 9), st.integers(-9, 9))
def test_alpha_knows_no_order_no_unit_and_lies_in_its_interval(rows, shuffler, scale, shift):
    found = cronbach_alpha(rows)
    mixed = [[scale * value + shift for value in row] for row in rows]
    shuffler.shuffle(mixed)
    other = cronbach_alpha(mixed)
    assert (found is None) is (other is None)
    if found:
        assert found.low <= found.alpha <= found.high <= 1 + 1e-12
        assert found.alpha <= 1 + 1e-12
        assert other.alpha == pytest.approx(found.alpha, rel=1e-9, abs=1e-9)
        assert other.against == found.against


@pytest.mark.parametrize(
    "rows", [[], [[1, 2]], [[1], [2]], [[2, 2], [2, 2]], [[1, 4], [4, 1], [2, 3]], [[None, 1], [1, None]]]
)
def test_without_varying_sums_of_two_items_there_is_no_alpha(rows):
    assert cronbach_alpha(rows) is None


def test_two_complete_people_are_enough():
    assert cronbach_alpha([[1, 1], [2, 3]]).n == 2


def test_items_that_run_against_the_others_are_named():
    rows = [[*row[:3], 3 - row[3]] for row in VECTOR]
    found = cronbach_alpha(rows)
    assert found.against == (3,)
    turned = standardised_alpha(np.array(rows, dtype=float), turn=True)
    assert turned == pytest.approx(cronbach_alpha(VECTOR).standardised)
    assert found.standardised < turned


def test_an_item_without_variance_is_left_out_of_the_standardised_alpha():
    rows = np.array([[*row, 2] for row in VECTOR], dtype=float)
    assert standardised_alpha(rows) == pytest.approx(standardised_alpha(rows[:, :4]))
    assert standardised_alpha(rows[:1]) is None
    assert standardised_alpha(rows[:, 3:]) is None


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1, float("inf")], [1, 2]]])
def test_rows_that_are_no_table_are_refused(rows):
    with pytest.raises(BadSampleError, match="rows"):
        cronbach_alpha(rows)


def test_omega_finds_what_equal_loadings_promise():
    # six items loading .7: (6 x .7)^2 / ((6 x .7)^2 + 6 x .51) = .8522
    rows = one_trait(20_000, 6, 0.7, seed=4)
    assert mcdonald_omega(rows) == pytest.approx(0.8522, abs=0.005)
    assert mcdonald_omega(rows) == pytest.approx(cronbach_alpha(rows).alpha, abs=0.002)


def test_one_factor_is_recovered_from_its_own_correlations():
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1)
    assert one_factor(correlations) == pytest.approx(loadings, abs=1e-6)


def test_omega_needs_three_items_a_hundred_people_and_variance():
    rows = one_trait(150, 4, 0.7, seed=5)
    assert mcdonald_omega(rows) is not None
    assert mcdonald_omega(rows[:99]) is None
    assert mcdonald_omega(rows[:, :2]) is None
    assert mcdonald_omega(np.column_stack([rows, np.ones(150)])) is None
    assert mcdonald_omega([]) is None


def test_a_loading_over_one_is_a_heywood_case():
    # the first item's loading would be the root of .8 x .8 / .4
    correlations = np.array([[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]])
    assert one_factor(correlations) is None
    rows = np.random.default_rng(6).normal(size=(500, 3)) @ np.linalg.cholesky(correlations).T
    assert mcdonald_omega(rows) is None

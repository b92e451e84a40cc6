from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.agreement import small_deviation, team_agreement, uniform_variance
from survey_app.stats.icc import shown_icc, team_variance
from survey_app.stats.intervals import BadSampleError

ROWS = [[int(value) for value in row] for row in ("4454", "4544", "5445", "4444", "3444")]
TEAMS = [[3.8, 4.0, 4.2], [3.1, 3.4, 3.0, 3.3], [4.5, 4.4], [2.9, 3.2, 3.6, 3.1, 3.0]]
SCORES = st.lists(st.lists(st.integers(1, 7), min_size=1, max_size=6), min_size=2, max_size=12)
TABLE = st.integers(1, 5).flatmap(
    lambda j: st.lists(st.lists(st.integers(1, 5), min_size=j, max_size=j), min_size=2, max_size=12)
)


def test_agreement_of_the_vector():
    found = team_agreement(ROWS, uniform_variance(5))
    assert (found.rwg_j, found.rwg_star, found.ad_m) == pytest.approx((0.9617, 0.8625, 0.34), abs=5e-5)
    assert found.n == 5
    assert small_deviation(found.ad_m, 5)
    assert not small_deviation(0.84, 5)


def test_a_skewed_null_is_a_harder_test():
    assert team_agreement(ROWS, 1.34).rwg_j < team_agreement(ROWS, uniform_variance(5)).rwg_j


@settings(max_examples=100, deadline=None)
@given(TABLE, st.randoms(use_true_random=False), st.integers(-9, 9))
def test_agreement_knows_no_order_and_no_shift(rows, shuffler, shift):
    found = team_agreement(rows, 2)
    moved = [[value + shift for value in row] for row in rows]
    shuffler.shuffle(moved)
    other = team_agreement(moved, 2)
    assert 0 <= found.rwg_j <= 1
    assert found.rwg_star <= 1
    assert other.rwg_j == pytest.approx(found.rwg_j, abs=1e-9)
    assert other.ad_m == pytest.approx(found.ad_m, abs=1e-9)


def test_one_mind_agrees_fully_and_two_camps_not_at_all():
    whole, split = team_agreement([[4, 4]] * 3, 2), team_agreement([[1, 1], [5, 5]], 2)
    assert (whole.rwg_j, whole.rwg_star, whole.ad_m) == (1, 1, 0)
    assert (split.rwg_j, split.rwg_star) == (0, -3)


@pytest.mark.parametrize("rows", [[], [[1, 2]], [[1, 2], [None, 2]], [[], []]])
def test_agreement_takes_two_people_who_answered_everything(rows):
    assert team_agreement(rows, 2) is None


@pytest.mark.parametrize("null", [0, -1, math.inf, math.nan])
def test_a_null_without_variance_is_refused(null):
    with pytest.raises(BadSampleError, match="above 0"):
        team_agreement(ROWS, null)


def test_an_item_has_at_least_two_options():
    with pytest.raises(BadSampleError, match="at least 2"):
        uniform_variance(1)


def test_team_variance_of_the_vector():
    found = team_variance(TEAMS)
    assert (found.between, found.within) == pytest.approx((1.1584, 0.0477), abs=5e-5)
    assert (found.icc1, found.icc1_unequal, found.icc2) == pytest.approx((0.8693, 0.8732, 0.9588), abs=5e-5)
    assert found.m0 == pytest.approx(3.381, abs=5e-4)
    assert (found.teams, found.n, found.mean_size) == (4, 14, 3.5)


@settings(max_examples=100, deadline=None)
@given(SCORES, st.randoms(use_true_random=False), st.integers(1, 9), st.integers(-9, 9))
def test_team_variance_knows_no_order_and_no_unit(teams, shuffler, scale, shift):
    found = team_variance(teams)
    moved = [[scale * value + shift for value in team] for team in teams]
    shuffler.shuffle(moved)
    other = team_variance(moved)
    assert (found is None) is (other is None)
    if found:
        assert found.icc1 <= 1
        assert found.m0 <= found.mean_size + 1e-9
        assert other.icc1 == pytest.approx(found.icc1, abs=1e-9)
        assert (found.icc2 is None) is (other.icc2 is None)


def test_teams_of_one_size_have_one_icc():
    found = team_variance([[1, 2, 3], [2, 3, 4], [5, 5, 4]])
    assert found.icc1 == pytest.approx(found.icc1_unequal)


@pytest.mark.parametrize(
    "teams", [[], [[1, 2]], [[1], [2], [3]], [[4, 4], [4, 4]], [[0.1] * 3, [0.1] * 7], [[], [1, 2]]]
)
def test_without_teams_members_or_differences_there_is_no_icc(teams):
    assert team_variance(teams) is None


def test_teams_with_one_mean_have_no_icc2():
    found = team_variance([[1, 3], [2, 2], [1, 3]])
    assert (found.icc2, found.between) == (None, 0)
    assert found.icc1 < 0


def test_an_icc_is_shown_from_ten_teams_and_never_below_nought():
    same = [[1, 3]] * 10
    assert shown_icc(team_variance(same)) == 0
    assert shown_icc(team_variance(same[:9])) is None
    apart = team_variance([[place, place + 1] for place in range(10)])
    assert shown_icc(apart) == apart.icc1_unequal > 0.9

"""Votes of a panel: the split rule of four in twelve, for panels of any size."""

from __future__ import annotations

import doctest
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.stats import panels
from survey_app.stats.intervals import BadSampleError
from survey_app.stats.panels import votes_of

votes = st.lists(st.integers(0, 5), min_size=1, max_size=40)


def test_the_example_holds():
    assert doctest.testmod(panels).failed == 0


@pytest.mark.parametrize(
    ("points", "split"),
    [
        ([3] * 8 + [0] * 4, True),
        ([3] * 9 + [0] * 3, False),
        ([3] * 4 + [0] * 2, True),
        ([3, 3, 0], True),
        ([0, 5], False),
        ([2] * 6 + [3] * 6, False),
        ([0] * 6 + [5] * 6, True),
    ],
)
def test_a_panel_is_split_where_a_third_lies_outside_three_points(points, split):
    assert votes_of(points).split is split


@given(votes)
def test_the_middle_lies_between_and_order_does_not_matter(points):
    found = votes_of(points)
    assert found == votes_of(sorted(points, reverse=True))
    assert found.low <= found.quartile1 <= found.median <= found.quartile3 <= found.high
    assert found.median == statistics.median(points)
    assert 0 <= found.n_outside <= found.n


@given(votes)
def test_turning_the_scale_round_splits_alike(points):
    turned = votes_of([5 - point for point in points])
    assert (turned.split, turned.n_outside) == (votes_of(points).split, votes_of(points).n_outside)


def test_half_a_point_is_no_vote_and_no_votes_are_no_result():
    with pytest.raises(BadSampleError):
        votes_of([2.5])
    assert votes_of([]) is None

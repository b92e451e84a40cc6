from __future__ import annotations

import csv
import math
from pathlib import Path
from statistics import fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.intervals import BadSampleError, mean_interval, wilson

with (Path(__file__).parents[2] / "golden" / "wilson.csv").open(encoding="utf-8") as rows:
    PEER = list(csv.DictReader(rows))

ANSWERS = [3, 2, 3, 1, 0, 2, 3, 3, 2, 1, 3, 2]


def test_the_peer_gave_every_row():
    assert len(PEER) == 117


@pytest.mark.parametrize("row", PEER, ids=[row["case_id"] for row in PEER])
def test_wilson_agrees_with_the_peer(row):
    interval = wilson(float(row["x"]), float(row["n"]), float(row["conf_level"]))
    theirs = [float(row[name]) for name in ("estimate", "wilson_lower", "wilson_upper")]
    assert [interval.estimate, interval.low, interval.high] == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (0, 5, 0, 0.4345),
        (5, 5, 0.5655, 1),
        (3, 10, 0.1078, 0.6032),
        (17, 20, 0.6396, 0.9476),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_vectors(x, n, low, high):
    interval = wilson(x, n)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


def test_nobody_asked_gives_no_interval():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (math.nan, 5), (1, math.inf), (1, math.nan)])
def test_wilson_refuses_impossible_counts(x, n):
    with pytest.raises(BadSampleError, match="expected a count"):
        wilson(x, n)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.nan])
def test_levels_lie_between_nought_and_one(level):
    with pytest.raises(BadSampleError, match="level"):
        wilson(1, 2, level)
    with pytest.raises(BadSampleError, match="level"):
        mean_interval(1, 1, 10, level)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_estimate_and_mirrors(pair):
    x, n = pair
    interval, mirror = wilson(x, n), wilson(n - x, n)
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
    assert interval.low == pytest.approx(1 - mirror.high, abs=1e-12)


def test_mean_interval_vector():
    interval = mean_interval(fmean(ANSWERS), stdev(ANSWERS), 12)
    assert interval.estimate == pytest.approx(2.0833, abs=5e-5)
    assert (interval.low, interval.high) == pytest.approx((1.4504, 2.7163), abs=5e-5)


def test_a_census_of_a_known_group_is_surer():
    interval = mean_interval(fmean(ANSWERS), stdev(ANSWERS), 12, population=40)
    assert (interval.low, interval.high) == pytest.approx((1.5538, 2.6129), abs=5e-5)


def test_a_small_part_of_a_group_gains_nothing():
    assert mean_interval(2, 1, 10, population=200) == mean_interval(2, 1, 10)


def test_a_whole_group_is_certain():
    interval = mean_interval(2, 1, 10, population=10)
    assert (interval.low, interval.high) == (2, 2)


@pytest.mark.parametrize(("sd", "n"), [(1, 0), (1, 1), (0, 1), (0, 30)])
def test_too_few_or_identical_answers_give_no_interval(sd, n):
    assert mean_interval(2, sd, n) is None


@pytest.mark.parametrize(
    ("mean", "sd", "n", "population"),
    [(math.nan, 1, 10, None), (2, math.inf, 10, None), (2, -1, 10, None), (2, 1, -1, None), (2, 1, 11, 10)],
)
def test_mean_interval_refuses_impossible_samples(mean, sd, n, population):
    with pytest.raises(BadSampleError, match="expected"):
        mean_interval(mean, sd, n, population=population)


def test_a_higher_level_is_wider():
    assert mean_interval(2, 1, 10, 0.99).low < mean_interval(2, 1, 10, 0.95).low

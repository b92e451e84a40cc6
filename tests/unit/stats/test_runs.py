from __future__ import annotations

import csv
from itertools import groupby, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.boxes import best_box, chances, in_best_box, in_cut_box
from survey_app.stats.runs import RunMethod, RunsTest, bounds, runs_test

GOLDEN = Path(__file__).parents[2] / "golden" / "runchart_limits.csv"


def test_bounds_agree_with_the_peer_for_up_to_200_useful_points():
    rows = list(csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 100
    for row in rows:
        assert bounds(int(row["n_useful"])) == (int(row["longest_run_max"]), int(row["n_crossings_min"]))


@pytest.mark.parametrize(
    ("n", "expected"),
    [(10, (6, 2)), (12, (7, 3)), (16, (7, 4)), (22, (7, 7)), (23, (8, 7)), (46, (9, 17)), (100, (10, 41))],
)
def test_bounds_of_the_published_table(n, expected):
    assert bounds(n) == expected


def test_points_on_the_line_and_gaps_neither_break_a_run_nor_count():
    found = runs_test([1, 2, 0, None, 3, None, None, 4, -1], 0)
    assert (found.n_useful, found.longest_run, found.n_crossings) == (5, 4, 1)


def test_rounding_puts_no_point_off_the_line():
    assert runs_test([0.1 + 0.2, 0.3], 0.3).n_useful == 0


@pytest.mark.parametrize("values", [[], [None], [5], [5, 5, 5]])
def test_nothing_off_the_line_gives_no_counts_and_no_signal(values):
    assert runs_test(values, 5) == RunsTest(0, None, None, None, None, signal=False)


def test_one_point_is_a_run_of_one():
    assert runs_test([6], 5) == RunsTest(1, 1, 3, 0, 0, signal=False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.integers(-3, 3), max_size=60), st.sampled_from([0.5, 3]), st.integers(-9, 9))
def test_moving_stretching_and_turning_a_series_changes_no_run(values, factor, by):
    changed = [None if value is None else value * factor + by for value in values]
    turned = [None if value is None else -value for value in values]
    assert runs_test(values, 0) == runs_test(changed, by) == runs_test(turned, 0)


def test_the_joint_chances_are_those_of_every_series_of_ten():
    n = 10
    counted = {}
    for series in product((0, 1), repeat=n):
        runs = [len(list(run)) for _, run in groupby(series)]
        counted[len(runs) - 1, max(runs)] = counted.get((len(runs) - 1, max(runs)), 0) + 1
    table = chances(n, 0.5)
    for crossings, longest in product(range(n), range(n + 1)):
        assert table[crossings][longest] == pytest.approx(counted.get((crossings, longest), 0) / 2**n)


@pytest.mark.parametrize("n", [10, 24, 60])
def test_chance_alone_stays_in_the_box_and_in_the_cut_box_as_often_as_promised(n):
    table = chances(n, 0.5)
    for inside in (in_best_box, in_cut_box):
        cells = product(range(n), range(1, n + 1))
        assert sum(table[c][run] for c, run in cells if inside(n, c, run)) >= 0.925


def test_a_cut_box_lies_inside_its_best_box():
    n = 40
    fewest, most = best_box(n)
    cut = [(c, run) for c, run in product(range(n), range(1, n + 1)) if in_best_box(n, c, run)]
    assert {cell for cell in cut if not in_cut_box(n, *cell)} <= {
        cell for cell in cut if cell[0] == fewest or cell[1] == most
    }


def test_boxes_are_used_from_10_to_100_useful_points():
    steps = [1] * 6 + [-1, 1]
    assert runs_test(steps, 0, method=RunMethod.BEST_BOX) == runs_test(steps, 0)
    many = [1, -1] * 60
    assert runs_test(many, 0, method=RunMethod.CUT_BOX) == runs_test(many, 0)
    assert runs_test([1] * 8 + [-1, 1] * 8, 0).signal is False
    assert runs_test([1] * 8 + [-1, 1] * 8, 0, method=RunMethod.BEST_BOX).signal is True

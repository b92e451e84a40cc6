"""Run charts: whether a series stays too long on one side of a line, or crosses it too seldom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise

from survey_app.stats.boxes import in_best_box, in_cut_box
from survey_app.stats.limits import side_of

FEWEST_USEFUL = 10
"""Under so many useful points the house draws no conclusion."""

MOST_BOXED = 100
"""Boxes are used up to so many useful points."""


class RunMethod(StrEnum):
    """Where the bounds come from: Anhoej's formulas, or a box of the joint distribution of both counts."""

    ANHOEJ = "anhoej"
    BEST_BOX = "bestbox"
    CUT_BOX = "cutbox"


@dataclass(frozen=True, slots=True)
class RunsTest:
    """What a run chart tells; lengths and counts are None where no point is useful.

    Attributes
    ----------
    n_useful : int
        Points that do not lie on the line.
    longest_run, longest_run_max : int or None
        Points in a row on one side, and how many chance explains by Anhoej's formula.
    n_crossings, n_crossings_min : int or None
        Changes of side, and how few chance explains.
    signal : bool
        Whether either bound is passed, or the chart lies outside its box.
    """

    n_useful: int
    longest_run: int | None
    longest_run_max: int | None
    n_crossings: int | None
    n_crossings_min: int | None
    signal: bool


def runs_test(
    values: Sequence[float | None], line: float, *, method: RunMethod = RunMethod.ANHOEJ
) -> RunsTest:
    """Count runs and crossings of a series and hold them against what chance explains.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        One value a period, in order; gaps and points on the line neither break a run nor count.
    line : float
        The median, or a given centre, in the measure's unit.
    method : RunMethod
        Boxes are known from 10 to 100 useful points; outside that Anhoej's bounds are used.

    Returns
    -------
    RunsTest
        For any number of useful points; who draws conclusions asks for at least 10.

    References
    ----------
    Anhoej J, Olesen AV (2014). Run charts revisited. PLoS ONE 9(11):e113825. docs/algorithms/run-chart.md.

    Examples
    --------
    >>> found = runs_test([1, 2, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4], 2.5)
    >>> found.n_useful, found.longest_run, found.n_crossings, found.signal
    (12, 8, 1, True)
    """
    sides = [side for value in values if value is not None and (side := side_of(value, line))]
    if not sides:
        return RunsTest(0, None, None, None, None, signal=False)
    n, longest = len(sides), max(len(list(run)) for _, run in groupby(sides))
    crossings = sum(a != b for a, b in pairwise(sides))
    most, fewest = bounds(n)
    signal = longest > most or crossings < fewest
    if method is not RunMethod.ANHOEJ and FEWEST_USEFUL <= n <= MOST_BOXED:
        inside = in_best_box if method is RunMethod.BEST_BOX else in_cut_box
        signal = not inside(n, crossings, longest)
    return RunsTest(n, longest, most, crossings, fewest, signal)


@cache
def bounds(n_useful: int) -> tuple[int, int]:
    """Return the longest run and the fewest crossings that chance explains, by Anhoej's formulas.

    Parameters
    ----------
    n_useful : int
        Points off the line, at least 1.

    Returns
    -------
    tuple of int
        Longest run, fewest crossings.

    Examples
    --------
    >>> bounds(24)
    (8, 8)
    """
    return round(math.log2(n_useful)) + 3, _five_percent_point(n_useful - 1)


def _five_percent_point(n: int) -> int:
    below, fewest = 1, 0
    while 20 * below < 2**n:  # the chance of so few crossings is below / 2^n: exact in whole numbers
        fewest += 1
        below += math.comb(n, fewest)
    return fewest

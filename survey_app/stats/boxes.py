"""Best and cut boxes: bounds for run charts from the joint chance of longest run and crossings."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, product
from statistics import NormalDist

SPECIFICITY = 0.925
"""A chart of pure chance lies inside the box at least this often."""

SHIFT = 0.8
"""The change a box shall miss least, in standard deviations."""

Table = tuple[tuple[float, ...], ...]  # chance of c crossings (rows) with a longest run of l (columns)


@cache
def best_box(n_useful: int) -> tuple[int, int]:
    """Return the box that misses a shift least among those chance seldom leaves.

    Parameters
    ----------
    n_useful : int
        Points off the line, 10 to 100.

    Returns
    -------
    tuple of int
        Fewest crossings and longest run inside the box.

    References
    ----------
    Anhoej J, Wentzel-Larsen T (2020). Smooth operator: modifying the Anhoej rules to improve runs
    analysis in statistical process control. PLoS ONE 15(6):e0233920.

    Examples
    --------
    >>> best_box(24)
    (6, 7)
    """
    calm, moved = _inside(n_useful)
    candidates = [
        (moved[crossings][longest], crossings, longest)
        for crossings, longest in product(range(n_useful), range(1, n_useful + 1))
        if calm[crossings][longest] >= SPECIFICITY
    ]
    _, crossings, longest = min(candidates)
    return crossings, longest


def in_best_box(n_useful: int, n_crossings: int, longest_run: int) -> bool:
    """Return whether a chart lies inside the best box.

    Parameters
    ----------
    n_useful, n_crossings, longest_run : int
        Points off the line (10 to 100), changes of side, most points in a row on one side.

    Returns
    -------
    bool
        False for a signal.
    """
    fewest, most = best_box(n_useful)
    return n_crossings >= fewest and longest_run <= most


def in_cut_box(n_useful: int, n_crossings: int, longest_run: int) -> bool:
    """Return whether a chart lies inside the box whose corner is cut off.

    Parameters
    ----------
    n_useful, n_crossings, longest_run : int
        Points off the line (10 to 100), changes of side, most points in a row on one side.

    Returns
    -------
    bool
        False for a signal.

    References
    ----------
    Anhoej J, Wentzel-Larsen T (2020), as for `best_box`.
    """
    fewest, most = best_box(n_useful)
    along_row, along_column = _cut(n_useful)
    cut_row = n_crossings == fewest and longest_run > most - along_row
    cut_column = longest_run == most and n_crossings < fewest + along_column
    return in_best_box(n_useful, n_crossings, longest_run) and not (cut_row or cut_column)


@cache
def _cut(n_useful: int) -> tuple[int, int]:
    fewest, most = best_box(n_useful)
    calm, moved = _tables(n_useful)
    spare = _inside(n_useful)[0][fewest][most] - SPECIFICITY

    def cells(table: Table, row: int, column: int) -> float:
        along_row = sum(table[fewest][most - step] for step in range(row))
        along_column = sum(table[fewest + step][most] for step in range(column))
        return along_row + along_column - (table[fewest][most] if row and column else 0.0)

    choices = [
        (-cells(moved, row, column), row, column)
        for row, column in product(range(most), range(n_useful - fewest))
        if cells(calm, row, column) <= spare
    ]
    _, row, column = min(choices)
    return row, column


@cache
def _inside(n: int) -> tuple[Table, Table]:
    calm, moved = _tables(n)
    return _summed(calm), _summed(moved)


def _summed(table: Table) -> Table:
    # Cell [c][l]: chance of at least c crossings and no run longer than l.
    rows: list[tuple[float, ...]] = [(0.0,) * len(table[0])]
    for row in reversed(table):
        totals = accumulate(row)
        rows.append(tuple(total + below for total, below in zip(totals, rows[-1], strict=True)))
    return tuple(reversed(rows[1:]))


@cache
def _tables(n: int) -> tuple[Table, Table]:
    return chances(n, 0.5), chances(n, NormalDist().cdf(SHIFT))


def chances(n: int, above: float) -> Table:
    """Return the joint chance of crossings and longest run of independent points.

    Parameters
    ----------
    n : int
        Points off the line, 1 to 100.
    above : float
        Chance of each to lie above it.

    Returns
    -------
    tuple of tuple of float, shape (n, n + 1)
        Row: crossings; column: longest run.
    """
    limit = min(n, 40)  # a longer run has no chance worth counting in 100 points
    up_to = [[0.0] * n] + [_crossings_with_runs_up_to(n, above, longest) for longest in range(1, limit + 1)]
    return tuple(
        (
            0.0,
            *(up_to[longest][c] - up_to[longest - 1][c] for longest in range(1, limit + 1)),
            *(0.0,) * (n - limit),
        )
        for c in range(n)
    )


def _crossings_with_runs_up_to(n: int, above: float, longest: int) -> list[float]:
    # high[i] and low[i]: chance that the first i points end a run on that side, after `c` crossings.
    below = 1 - above
    high = [above**i if 1 <= i <= longest else 0.0 for i in range(n + 1)]
    low = [below**i if 1 <= i <= longest else 0.0 for i in range(n + 1)]
    chances = []
    for _ in range(n):
        chances.append(high[n] + low[n])
        high, low = _next_run(low, above, longest), _next_run(high, below, longest)
    return chances


def _next_run(ended: list[float], chance: float, longest: int) -> list[float]:
    # Sums chance**r * ended[i - r] over r from 1 to `longest`, sliding along i.
    leaving = chance ** (longest + 1)
    sums, total = [0.0], 0.0
    for i in range(1, len(ended)):
        total = chance * (total + ended[i - 1])
        if i > longest:
            total -= leaving * ended[i - 1 - longest]
        sums.append(max(total, 0.0))
    return sums

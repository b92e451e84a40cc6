"""The lines behind one point, and when two numbers count as equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


class BadSeriesError(ValueError):
    """A series, rebase or baseline no chart can be made from."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Process limits (3 sigma) and near limits (2 sigma) of one point, in the measure's unit."""

    lower: float
    upper: float
    near_lower: float
    near_upper: float


@dataclass(frozen=True, slots=True)
class Lines:
    """What one point is judged by; a run chart, and a process of unknown spread, have no limits."""

    centre: float
    limits: Limits | None


def tolerance(value: float) -> float:
    """Return how far apart two numbers near ``value`` may be and still count as equal.

    Parameters
    ----------
    value : float
        Any number of the series.

    Returns
    -------
    float
        1e-9 of the value, or 1e-9 for values under one: floating point decides no flag.
    """
    return 1e-9 * max(1.0, abs(value))


def side_of(value: float, line: float) -> int:
    """Return on which side of a line a value lies, a tie allowing for rounding.

    Parameters
    ----------
    value, line : float
        Two numbers in one unit.

    Returns
    -------
    int
        1 above, -1 below, 0 on the line.
    """
    distance = value - line
    if abs(distance) <= tolerance(line):
        return 0
    return 1 if distance > 0 else -1


def outside(value: float, lower: float, upper: float) -> int:
    """Return whether a value lies strictly beyond one of two lines.

    Parameters
    ----------
    value, lower, upper : float
        Three numbers in one unit.

    Returns
    -------
    int
        1 above the upper line, -1 below the lower one, 0 between them or on one.
    """
    if side_of(value, upper) > 0:
        return 1
    return -1 if side_of(value, lower) < 0 else 0


def check_series(values: Sequence[float | None]) -> None:
    """Refuse a series with values no limit can be computed from.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        The series.

    Raises
    ------
    BadSeriesError
        For a value that is not a finite number of at most 1e100.
    """
    for place, value in enumerate(values):
        if value is not None and not (math.isfinite(value) and abs(value) <= 1e100):
            message = f"value {place} is {value}: expected a finite number up to 1e100, or nothing for a gap"
            raise BadSeriesError(message)


def check_sizes(values: Sequence[float | None], sizes: Sequence[float | None]) -> None:
    """Refuse a series in which a value does not say from how many answers it comes.

    Parameters
    ----------
    values, sizes : sequence of float or None, shape (n,)
        The series and, for each value, the number of answers behind it.

    Raises
    ------
    BadSeriesError
        For two lengths, and for a value from no answers or from an unknown number of them.
    """
    if len(values) != len(sizes):
        message = f"{len(sizes)} sizes for {len(values)} values: expected one each"
        raise BadSeriesError(message)
    for place, (value, size) in enumerate(zip(values, sizes, strict=True)):
        if value is not None and not (size is not None and math.isfinite(size) and 0 < size <= 1e100):
            message = f"value {place} comes from {size} answers: expected at least one"
            raise BadSeriesError(message)

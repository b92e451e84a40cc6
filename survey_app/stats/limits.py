"""The mean, the average moving range and the process limits of one stretch of an XmR chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from survey_app.stats.presets import Rules

LIMIT_FACTOR = 2.66  # 3 / 1.128: three sigma, sigma estimated from moving ranges of two
SCREEN_FACTOR = 3.267  # upper limit of a moving range chart


class BadSeriesError(ValueError):
    """A series, rebase or baseline no chart can be made from."""


@dataclass(frozen=True, slots=True)
class XmrLimits:
    """Centre line, average moving range, process limits (3 sigma) and near limits (2 sigma), in one unit."""

    mean: float
    mr: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float


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


def xmr_limits(
    values: Sequence[float | None], *, rules: Rules, baseline: int | None = None
) -> XmrLimits | None:
    """Compute the limits of one stretch without a rebase.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        One value a period, in order; None is a gap.
    rules : Rules
        Says whether large moving ranges are screened and what a flat series means.
    baseline : int or None
        Use only the first so many rows; None uses all.

    Returns
    -------
    XmrLimits or None
        None where no two neighbouring values exist or, in the house presets, nothing moves.

    References
    ----------
    Nelson LS (1982). Control charts for individual measurements. J Qual Technol 14(3):172-173.
    NHS England, Making Data Count; NHSRplotthedots 0.2.2.

    Examples
    --------
    >>> from survey_app.stats.presets import MDC7
    >>> limits = xmr_limits([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], rules=MDC7)
    >>> round(limits.lower, 2), round(limits.upper, 2)
    (-3.06, 6.95)
    """
    rows = values if baseline is None else values[:baseline]
    present = [value for value in rows if value is not None]
    ranges = _kept_ranges(rows, screen=rules.screen_outliers)
    if not ranges:
        return None
    mean, mr = fmean(present), fmean(ranges)
    if mr <= tolerance(mean) and not rules.parity:
        return None
    far = LIMIT_FACTOR * mr
    near = far * 2 / 3
    return XmrLimits(mean, mr, mean - far, mean + far, mean - near, mean + near)


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


def _kept_ranges(rows: Sequence[float | None], *, screen: bool) -> list[float]:
    ranges = [abs(b - a) for a, b in pairwise(rows) if a is not None and b is not None]
    if not screen or not ranges:
        return ranges
    cut = SCREEN_FACTOR * fmean(ranges)
    return [mr for mr in ranges if mr < cut]

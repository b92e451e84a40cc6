"""How coarse a team's figures are shown: nobody who joins or leaves can be worked out from two waves."""

from __future__ import annotations

import math
from enum import StrEnum

STEPS = ((10, 10), (25, 5), (50, 2))
"""Below so many people means are rounded to so many points."""
FINE = 1
MANY = 25
COARSE = 5
LOWEST, HIGHEST = 10, 90
"""Beyond these a team is near to saying one thing with one voice: "90 or more"."""
SHARE_STEP = 10
DEVIATION_STEP = 0.2
FIVE, TEN = 5, 10


class ShareBand(StrEnum):
    """How much of a roster answered."""

    TOO_FEW = "under 30 %"
    INDICATIVE = "30 to 49 %"
    MOST = "50 to 74 %"
    NEARLY_ALL = "75 % or more"


def step_for(n: int) -> int:
    """Return the step to which means of n people are rounded.

    Parameters
    ----------
    n : int
        People behind the figure.

    Returns
    -------
    int
        10 points below 10 people, 5 below 25, 2 below 50, else 1. From two waves of n and n + 1 people a
        newcomer's score is known no closer than to (2n + 1) * step, the whole scale or more, even by somebody
        who knows that nobody else changed a single answer.

    References
    ----------
    docs/algorithms/team-climate.md.
    """
    return next((step for below, step in STEPS if n < below), FINE)


def shown_points(value: float, n: int) -> int:
    """Return a mean as it is shown.

    Parameters
    ----------
    value : float
        0 to 100.
    n : int
        People behind it.

    Returns
    -------
    int
        In steps of `step_for`, from 10, which means 10 or less, to 90, which means 90 or more.

    Examples
    --------
    >>> [shown_points(72.6, n) for n in (7, 10, 25, 50)]
    [70, 75, 72, 73]
    >>> shown_points(100, 7), shown_points(0, 50)
    (90, 10)
    """
    step = step_for(n)
    return min(max(math.floor(value / step + 0.5) * step, LOWEST), HIGHEST)


def shown_share(share: float) -> int:
    """Return a share of answers as it is shown.

    Parameters
    ----------
    share : float
        0 to 1.

    Returns
    -------
    int
        Percent in tens, from 10, which means 10 or less, to 90, which means 90 or more.

    Examples
    --------
    >>> [shown_share(share) for share in (0, 0.249, 0.5, 1)]
    [10, 20, 50, 90]
    """
    return min(max(math.floor(100 * share / SHARE_STEP + 0.5) * SHARE_STEP, LOWEST), HIGHEST)


def shown_deviation(ad_m: float) -> float:
    """Return the mean absolute deviation as it is shown.

    Parameters
    ----------
    ad_m : float
        In steps of the scale.

    Returns
    -------
    float
        To the nearest 0.2; 0.2 means 0.2 or less, so that a team of one mind is not told apart.

    Examples
    --------
    >>> [shown_deviation(value) for value in (0, 0.34, 1.08)]
    [0.2, 0.4, 1.0]
    """
    return max(round(math.floor(ad_m / DEVIATION_STEP + 0.5) * DEVIATION_STEP, 1), DEVIATION_STEP)


def coarse_spread(sd: float) -> int:
    """Return the standard deviation that an interval is made of: never less than the team's own.

    Parameters
    ----------
    sd : float
        Of people's scores, in points.

    Returns
    -------
    int
        The next multiple of 5, at least 10.

    Examples
    --------
    >>> [coarse_spread(sd) for sd in (0, 11.2, 15)]
    [10, 15, 15]
    """
    return max(math.ceil(sd / COARSE) * COARSE, 10)


def outward(low: float, high: float) -> tuple[int, int]:
    """Widen an interval to whole steps.

    Parameters
    ----------
    low, high : float
        Ends, in points.

    Returns
    -------
    tuple of int
        Multiples of 5 that hold the interval between them.

    Examples
    --------
    >>> outward(-3.2, 11)
    (-5, 15)
    """
    return math.floor(low / COARSE) * COARSE, math.ceil(high / COARSE) * COARSE


def people_band(n: int) -> str:
    """Say how many people answered, as coarsely as pages do.

    Parameters
    ----------
    n : int
        At least 5.

    Returns
    -------
    str
        A span of five.

    Examples
    --------
    >>> [people_band(n) for n in (5, 9, 10, 24, 25)]
    ['5 to 9', '5 to 9', '10 to 14', '20 to 24', '25 or more']
    """
    if n >= MANY:
        return "25 or more"
    start = n // FIVE * FIVE
    return f"{start} to {start + FIVE - 1}"


def share_band(n: int, n_asked: int) -> ShareBand:
    """Say how much of a roster answered.

    Parameters
    ----------
    n, n_asked : int
        Ballots, and people on the roster.

    Returns
    -------
    ShareBand
        Too few below 30 percent and where nobody was asked.
    """
    if 10 * n < 3 * n_asked or not n_asked:
        return ShareBand.TOO_FEW
    if 2 * n < n_asked:
        return ShareBand.INDICATIVE
    return ShareBand.MOST if 4 * n < 3 * n_asked else ShareBand.NEARLY_ALL


def shown_count(count: int, n: int) -> str:
    """Say how many ballots were filled in very fast, or all alike, without singling anybody out.

    Parameters
    ----------
    count, n : int
        Of how many.

    Returns
    -------
    str
        A number from 10 ballots up where at least three were and three were not; else only roughly.

    Examples
    --------
    >>> shown_count(3, 12), shown_count(1, 12), shown_count(4, 6)
    ('3', 'fewer than 3', '3 or more')
    """
    if count < 3:
        return "fewer than 3"
    return str(count) if n >= TEN and n - count >= 3 else "3 or more"

"""How two groups differ, with an interval: shares by Newcombe, means by Welch."""

from __future__ import annotations

import math

from survey_app.stats.intervals import Interval, check_level, check_moments, wilson


def newcombe(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Interval | None:
    """Compute the difference of two independent shares with Newcombe's hybrid score interval.

    Parameters
    ----------
    x1, n1 : float
        How many of how many in the first group; effective numbers where answers are weighted.
    x2, n2 : float
        The same of the second group.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    Interval or None
        First share minus second, -1 to 1; None where a group is empty.

    Raises
    ------
    BadSampleError
        For counts under 0 or over their n, or a bad level.

    References
    ----------
    Newcombe RG (1998). Stat Med 17:873-890, method 10. docs/algorithms/differences.md.

    Examples
    --------
    >>> interval = newcombe(5, 10, 5, 12)
    >>> round(interval.low, 4), round(interval.high, 4)
    (-0.2895, 0.4287)
    """
    one, two = wilson(x1, n1, level), wilson(x2, n2, level)
    if one is None or two is None:
        return None
    difference = one.estimate - two.estimate
    below = math.hypot(one.estimate - one.low, two.high - two.estimate)
    above = math.hypot(one.high - one.estimate, two.estimate - two.low)
    return Interval(difference, difference - below, difference + above)


def welch(
    first: tuple[float, float, int], second: tuple[float, float, int], level: float = 0.95
) -> Interval | None:
    """Compute the difference of two independent means with Welch's t interval.

    Parameters
    ----------
    first, second : tuple of float, float, int
        Mean, standard deviation (divided by n - 1) and number of answers of a group, in one unit.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    Interval or None
        First mean minus second; None where a group has fewer than two answers, or all answers of both are
        alike within their group.

    Raises
    ------
    BadSampleError
        For a number that is not finite, a negative sd or n, or a bad level.

    References
    ----------
    Welch BL (1947). Biometrika 34:28-35. Satterthwaite FE (1946). Biometrics Bull 2:110-114.

    Examples
    --------
    >>> interval = welch((2.4, 0.8, 30), (2.0, 1.0, 20))
    >>> round(interval.estimate, 2), round(interval.low, 3), round(interval.high, 3)
    (0.4, -0.142, 0.942)
    """
    check_level(level)
    for mean, sd, n in (first, second):
        check_moments(mean, sd, n, None)
    if min(first[2], second[2]) < 2 or max(first[1], second[1]) == 0:
        return None
    from scipy.special import stdtrit  # processes that only take answers never load it

    unit = max(first[1], second[1])  # so that no square vanishes or overflows
    one, two = (first[1] / unit) ** 2 / first[2], (second[1] / unit) ** 2 / second[2]
    freedom = (one + two) ** 2 / (one**2 / (first[2] - 1) + two**2 / (second[2] - 1))
    half = float(stdtrit(freedom, (1 + level) / 2)) * math.sqrt(one + two) * unit
    difference = first[0] - second[0]
    return Interval(difference, difference - half, difference + half)

"""How sure a share or a mean is: Wilson's interval and the t interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist


class BadSampleError(ValueError):
    """Numbers that describe no sample."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its confidence interval, in the estimate's unit."""

    estimate: float
    low: float
    high: float


def wilson(x: float, n: float, level: float = 0.95) -> Interval | None:
    """Compute Wilson's score interval of a share.

    Parameters
    ----------
    x : float
        How many had the property; an effective number where answers are weighted.
    n : float
        Out of how many.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    Interval or None
        Shares 0 to 1; None for n of 0. The lower end is exactly 0 at x = 0, the upper exactly 1 at x = n.

    Raises
    ------
    BadSampleError
        For x under 0 or over n, or a level that is not between 0 and 1.

    References
    ----------
    Wilson EB (1927). J Am Stat Assoc 22:209-212. OHID, Fingertips technical guidance: proportions.

    Examples
    --------
    >>> interval = wilson(3, 10)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.1078, 0.6032)
    """
    check_level(level)
    if not 0 <= x <= n <= 1e100:  # beyond, products overflow
        message = f"{x} of {n}: expected a count between 0 and the number it is out of"
        raise BadSampleError(message)
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = 2 * x + z * z
    half = z * math.sqrt(z * z + 4 * x * (1 - x / n))
    width = 2 * (n + z * z)
    low = 0.0 if x == 0 else (middle - half) / width
    high = 1.0 if x == n else (middle + half) / width
    return Interval(x / n, low, high)


def mean_interval(
    mean: float, sd: float, n: int, level: float = 0.95, *, population: int | None = None
) -> Interval | None:
    """Compute the t interval of a mean.

    Parameters
    ----------
    mean, sd : float
        Mean and standard deviation (divided by n - 1) of the answers, in one unit.
    n : int
        How many answers.
    level : float
        Confidence, between 0 and 1.
    population : int or None
        Everyone who could have answered, for a census of one group only (a team): narrows the interval
        where more than one in twenty answered.

    Returns
    -------
    Interval or None
        None for fewer than two answers and where all are alike: such an interval would be a false promise.

    Raises
    ------
    BadSampleError
        For a number that is not finite, a negative sd or n, n over the population, or a bad level.

    References
    ----------
    docs/algorithms/intervals.md. Student (1908). Biometrika 6:1-25.

    Examples
    --------
    >>> interval = mean_interval(2.0833, 0.9962, 12)
    >>> round(interval.low, 2), round(interval.high, 2)
    (1.45, 2.72)
    """
    check_level(level)
    check_moments(mean, sd, n, population)
    if n < 2 or sd == 0:
        return None
    from scipy.special import stdtrit  # processes that only take answers never load it

    half = float(stdtrit(n - 1, (1 + level) / 2)) * sd / math.sqrt(n) * _census_factor(n, population)
    return Interval(mean, mean - half, mean + half)


def _census_factor(n: int, population: int | None) -> float:
    if population is None or n / population <= 0.05:
        return 1.0
    return math.sqrt(1 - n / population)


def check_level(level: float) -> None:
    """Refuse a confidence level that is none.

    Parameters
    ----------
    level : float
        Confidence, between 0 and 1.

    Raises
    ------
    BadSampleError
        For anything else, such as 95.
    """
    if not 0 < level < 1:
        message = f"level {level}: expected a confidence between 0 and 1"
        raise BadSampleError(message)


def check_moments(mean: float, sd: float, n: int, population: int | None) -> None:
    """Refuse a summary that describes no sample.

    Parameters
    ----------
    mean, sd : float
        Mean and standard deviation, in one unit.
    n : int
        How many answers.
    population : int or None
        Everyone who could have answered, where known.

    Raises
    ------
    BadSampleError
        For a number that is not finite, a negative sd or n, or more answers than people.
    """
    if not (math.isfinite(mean) and math.isfinite(sd) and sd >= 0 and n >= 0):
        message = f"mean {mean}, sd {sd}, n {n}: expected finite numbers, sd and n not negative"
        raise BadSampleError(message)
    if population is not None and n > population:
        message = f"{n} answers from {population} people: expected no more answers than people"
        raise BadSampleError(message)

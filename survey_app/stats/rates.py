"""How sure a rate per so many people is: Byar's interval, exact where fewer than ten were counted."""

from __future__ import annotations

import math
from statistics import NormalDist

from survey_app.stats.intervals import BadSampleError, Interval, check_level


def rate_interval(count: int, people: float, per: float = 1000, level: float = 0.95) -> Interval | None:
    """Compute a rate with its interval, the count being Poisson.

    Parameters
    ----------
    count : int
        Events.
    people : float
        People, or person-years, they were counted among.
    per : float
        The rate's unit: 1,000 gives events per thousand.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    Interval or None
        In events per ``per``; None for nobody. The lower end is exactly 0 at a count of 0.

    Raises
    ------
    BadSampleError
        For negative or infinite numbers, a part of an event, or a bad level.

    References
    ----------
    Breslow NE, Day NE (1987). Statistical Methods in Cancer Research II, IARC: Byar's approximation, 2.3.
    Garwood F (1936). Biometrika 28:437-442: the exact interval. docs/algorithms/rates.md.

    Examples
    --------
    >>> interval = rate_interval(20, 10_000)
    >>> interval.estimate, round(interval.low, 3), round(interval.high, 3)
    (2.0, 1.221, 3.089)
    """
    check_level(level)
    finite = 0 <= count < math.inf and 0 <= people < math.inf and 0 < per < math.inf
    if not finite or count != math.floor(count):
        message = f"{count} among {people} per {per}: expected a whole count and people, from 0 up"
        raise BadSampleError(message)
    if people == 0:
        return None
    low, high = _exact(count, level) if count < 10 else _byar(count, level)
    unit = per / people
    return Interval(count * unit, low * unit, high * unit)


def _byar(count: int, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    more = count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    return max(0.0, low), more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3


def _exact(count: int, level: float) -> tuple[float, float]:
    from scipy.special import chdtri  # processes that only take answers never load it

    low = float(chdtri(2 * count, (1 + level) / 2)) / 2 if count else 0.0
    return low, float(chdtri(2 * count + 2, (1 - level) / 2)) / 2

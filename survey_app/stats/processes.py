"""How a process runs: its centre and its spread, estimated from a series as each kind of chart does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey_app.stats.kinds import ChartKind
from survey_app.stats.limits import BadSeriesError, Limits, Lines

XMR_FACTOR = 2.66 / 3  # sigma of a mean moving range of two, rounded as Making Data Count does
MOVING_RANGE_BIAS = 1.128  # the mean moving range of two in sigmas
SCREEN_FACTOR = 3.267  # upper limit of a moving range chart
I_PRIME_SCREEN = 3.2665  # the same, as published for I-prime

Dot = tuple[float, float]  # a value and the number of answers behind it


@dataclass(frozen=True, slots=True)
class Process:
    """Centre and spread of a process.

    Attributes
    ----------
    centre : float
        In the measure's unit.
    sigma : float or None
        Of one answer on charts that weigh, else of one point; None where nothing tells it.
    weighs : bool
        Whether a point from n answers has sigma / sqrt(n).
    floor, ceiling : float
        Where limits are cut: shares end at none and all, counts at none.
    """

    centre: float
    sigma: float | None
    weighs: bool = False
    floor: float = -math.inf
    ceiling: float = math.inf

    def lines_at(self, n: float) -> Lines:
        """Return the lines of a point that rests on so many answers.

        Parameters
        ----------
        n : float
            Answers behind the point; charts that do not weigh ignore it.

        Returns
        -------
        Lines
            Without limits where the spread is unknown.
        """
        if self.sigma is None:
            return Lines(self.centre, None)
        sigma = self.sigma / math.sqrt(n) if self.weighs else self.sigma
        low, high, near_low, near_high = (self.centre + sigmas * sigma for sigmas in (-3, 3, -2, 2))
        return Lines(
            self.centre,
            Limits(
                max(low, self.floor),
                min(high, self.ceiling),
                max(near_low, self.floor),
                min(near_high, self.ceiling),
            ),
        )


@dataclass(frozen=True, slots=True)
class Manner:
    """The choices an estimate leaves open.

    Attributes
    ----------
    screen : bool
        Whether ranges of 3.267 times their mean or more are left out once.
    xmr_factor : float
        Sigma over the mean moving range of an XmR chart.
    whole : float
        What all of a share is in the measure's unit: 1, or 100 for percent.
    """

    screen: bool = False
    xmr_factor: float = XMR_FACTOR
    whole: float = 1.0


def fit(
    kind: ChartKind, values: Sequence[float | None], sizes: Sequence[float | None] | None, manner: Manner
) -> Process | None:
    """Estimate how a process runs from one stretch of a series without a rebase.

    Parameters
    ----------
    kind : ChartKind
        A kind with limits.
    values : sequence of float or None, shape (n,)
        One a period, in order, in the measure's unit; None is a gap that no range crosses.
    sizes : sequence of float or None, shape (n,)
        Answers behind each value; None for XmR.
    manner : Manner
        Screening, rounding of the factor, unit of shares.

    Returns
    -------
    Process or None
        None where there is no value at all.

    Raises
    ------
    BadSeriesError
        For a share outside its whole, or a negative count.

    References
    ----------
    docs/algorithms: xmr.md, i-prime.md, p-prime.md, u-prime.md.

    Examples
    --------
    >>> process = fit(ChartKind.I_PRIME, [1.9, 2.1, 2.0], [12, 15, 9], Manner())
    >>> round(process.centre, 4), round(process.sigma, 4)
    (2.0083, 0.4722)
    """
    weights = sizes if sizes is not None else [1.0] * len(values)
    dots = [
        None if value is None or size is None else (value, size)
        for value, size in zip(values, weights, strict=True)
    ]
    present = [dot for dot in dots if dot is not None]
    return _FITS[kind](dots, present, manner) if present else None


Fit = Callable[[list[Dot | None], list[Dot], Manner], Process]


def _xmr(dots: list[Dot | None], present: list[Dot], manner: Manner) -> Process:
    centre = math.fsum(value for value, _ in present) / len(present)
    steps = [abs(b[0] - a[0]) for a, b in pairwise(dots) if a is not None and b is not None]
    mean = _mean_range(steps, SCREEN_FACTOR if manner.screen else None)
    return Process(centre, None if mean is None else manner.xmr_factor * mean)


def _i_prime(dots: list[Dot | None], present: list[Dot], manner: Manner) -> Process:
    bias = math.sqrt(math.pi / 2)
    steps = [
        bias * abs(b[0] - a[0]) / math.sqrt(1 / a[1] + 1 / b[1])
        for a, b in pairwise(dots)
        if a is not None and b is not None
    ]
    sigma = _mean_range(steps, I_PRIME_SCREEN if manner.screen else None)
    return Process(_weighted(present), sigma, weighs=True)


def _p(_: list[Dot | None], present: list[Dot], manner: Manner) -> Process:
    whole = manner.whole
    if any(not 0 <= value <= whole for value, _ in present):
        message = f"a share lies outside 0 to {whole:g}"
        raise BadSeriesError(message)
    centre = _weighted(present)
    sigma = math.sqrt(max(centre * (whole - centre), 0.0)) or None  # none or all: nothing says how it varies
    return Process(centre, sigma, weighs=True, floor=0.0, ceiling=whole)


def _u(_: list[Dot | None], present: list[Dot], __: Manner) -> Process:
    if any(value < 0 for value, _ in present):
        message = "a rate is negative: expected counts of events"
        raise BadSeriesError(message)
    centre = _weighted(present)
    return Process(centre, math.sqrt(centre) or None, weighs=True, floor=0.0)


def _laney(plain: Fit) -> Fit:
    def fitted(dots: list[Dot | None], present: list[Dot], manner: Manner) -> Process:
        found = plain(dots, present, manner)
        sigma = found.sigma
        if sigma is None:
            return found
        scores = [dot and (dot[0] - found.centre) * math.sqrt(dot[1]) / sigma for dot in dots]
        steps = [abs(b - a) for a, b in pairwise(scores) if a is not None and b is not None]
        mean = _mean_range(steps, SCREEN_FACTOR if manner.screen else None)
        wider = None if mean is None else sigma * mean / MOVING_RANGE_BIAS
        return Process(found.centre, wider, weighs=True, floor=found.floor, ceiling=found.ceiling)

    return fitted


_FITS: dict[ChartKind, Fit] = {
    ChartKind.XMR: _xmr,
    ChartKind.I_PRIME: _i_prime,
    ChartKind.P: _p,
    ChartKind.P_PRIME: _laney(_p),
    ChartKind.U: _u,
    ChartKind.U_PRIME: _laney(_u),
}


def _weighted(present: list[Dot]) -> float:
    return math.fsum(value * n for value, n in present) / math.fsum(n for _, n in present)


def _mean_range(steps: list[float], cut: float | None) -> float | None:
    if steps and cut is not None:
        most = cut * math.fsum(steps) / len(steps)
        steps = [step for step in steps if step < most]
    return math.fsum(steps) / len(steps) if steps else None

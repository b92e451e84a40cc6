"""How many charts chance alone would mark in a week, from what simulations of our rules have shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from survey_app.know.evidence.series import LimitsStage
from survey_app.stats.kinds import ChartKind

SHARES: Mapping[ChartKind, Mapping[LimitsStage, float]] = MappingProxyType(
    {
        ChartKind.I_PRIME: {LimitsStage.TRIAL: 0.015, LimitsStage.LOCKED: 0.032},
        ChartKind.P_PRIME: {LimitsStage.TRIAL: 0.018, LimitsStage.LOCKED: 0.036},
        ChartKind.XMR: {LimitsStage.TRIAL: 0.033, LimitsStage.LOCKED: 0.055},
    }
)
"""Share of charts on which nothing ever changes whose latest point is marked under `mdc7`."""

Kind = tuple[ChartKind | None, LimitsStage | None]


def expected(counts: Iterable[tuple[Kind, int]]) -> float:
    """Return how many of some charts would be marked if nothing had changed anywhere.

    Parameters
    ----------
    counts : iterable of ((ChartKind or None, LimitsStage or None), int)
        How many charts there are of each kind; None, of which nothing is known, counts as an I-prime chart
        with locked limits.

    Returns
    -------
    float
        An expectation. Charts that share answers rise and fall together, so the number that chance gives in
        one week strays further from it than it would among unrelated charts.

    References
    ----------
    docs/algorithms/baselines.md, docs/algorithms/monday.md.

    Examples
    --------
    >>> locked = (ChartKind.I_PRIME, LimitsStage.LOCKED)
    >>> trial = (ChartKind.I_PRIME, LimitsStage.TRIAL)
    >>> round(expected([(locked, 100), (trial, 40)]), 1)
    3.8
    """
    return sum(share(chart, limits) * n for (chart, limits), n in counts)


def share(chart: ChartKind | None, limits: LimitsStage | None) -> float:
    """Return the share of charts of one kind that chance alone marks at their latest point.

    Parameters
    ----------
    chart : ChartKind or None
        None counts as I-prime, and so does a kind that was not simulated.
    limits : LimitsStage or None
        None counts as locked.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> share(ChartKind.XMR, LimitsStage.LOCKED)
    0.055
    """
    known = SHARES.get(chart or ChartKind.I_PRIME, SHARES[ChartKind.I_PRIME])
    return known.get(limits or LimitsStage.LOCKED, known[LimitsStage.LOCKED])

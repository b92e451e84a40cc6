"""How a series stands today: since when it differs, and how sure that is."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from survey_app.know.evidence.series import LimitsStage, Point, Series
from survey_app.stats.variation import PointState

PAUSE = 1
"""Ordinary figures between others that differ: one does not end what went before."""
LASTING = 2
"""Figures in the same state, from which on one odd week no longer explains it."""


class Sureness(StrEnum):
    """How strongly a marked series speaks against chance."""

    STRONG = "strong"
    CLEAR = "clear"
    WEAK = "weak"


_TELLING = {
    PointState.IMPROVEMENT,
    PointState.CONCERN,
    PointState.NEUTRAL_HIGH,
    PointState.NEUTRAL_LOW,
}


def since_of(series: Series) -> dt.date | None:
    """Return the first day of the figures that differ the way the latest one does.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    date or None
        None where the latest closed figure does not differ. Gaps are skipped, and single ordinary figures.
    """
    run = _run(series)
    return run[0].start if run else None


def sureness_of(series: Series) -> Sureness | None:
    """Say how strongly the latest figure speaks against chance.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    Sureness or None
        Strong: outside the limits, and not for the first time. Clear: outside them, or part of a long run on
        one side. Weak: a trend or two of three. One step less where limits are on trial. None where the
        latest closed figure does not differ.

    References
    ----------
    docs/algorithms/monday.md, signals.md.
    """
    run = _run(series)
    if not run:
        return None
    rules = {signal.rsplit("_", 1)[0] for signal in run[-1].signals}
    steps = list(Sureness)
    outside, lasting = "astronomical" in rules, len(run) >= LASTING
    doubts = [
        not (outside and lasting),
        not (outside or "shift" in rules),
        series.limits is LimitsStage.TRIAL,
    ]
    return steps[min(sum(doubts), len(steps) - 1)]


def _run(series: Series) -> list[Point]:
    closed = [point for point in series.points if isinstance(point, Point) and not point.provisional]
    if not closed or closed[-1].state not in _TELLING:
        return []
    run: list[Point] = []
    paused = 0
    for point in reversed(closed):
        if point.state is closed[-1].state:
            run.insert(0, point)
            paused = 0
        elif point.state is PointState.COMMON_CAUSE and paused < PAUSE:
            paused += 1
        else:
            break
    return run

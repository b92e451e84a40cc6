"""The verdict on an action, by rule: what its chart says since the start, and never why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.know.improvement.actions.tables import Verdict

ENOUGH = 8
"""Figures after the start from which on there is a verdict."""
RUN = 7
"""Figures in a row that make a change, and within which it must still be going on."""
BACK = 3
"""Of the last `RUN` figures so many on the other side of the centre tell that what stood there is over."""


class Way(StrEnum):
    """Where a shift or a trend of the chart points, at one figure."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "none"

    @property
    def other(self) -> Way:
        """Return the opposite way."""
        return {Way.BETTER: Way.WORSE, Way.WORSE: Way.BETTER, Way.NONE: Way.NONE}[self]


@dataclass(frozen=True, slots=True)
class Seen:
    """One closed figure of the chart as the rule reads it.

    Attributes
    ----------
    start, end : date
        First and last day of its period.
    way : Way
        Where a shift or a trend that it is part of points.
    side : Way
        On which side of the centre line it lies.
    found : date
        Last day of the period that completed that pattern; its own last day where there is none.
    centre : float or None
        The centre line it was judged by: another one tells that there are new lines.
    """

    start: dt.date
    end: dt.date
    way: Way
    side: Way
    found: dt.date
    centre: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, what it rests on, and how long to wait for one."""

    verdict: Verdict
    n_points: int
    weeks_left: int
    latest_to: dt.date | None


def judge(figures: Sequence[Seen], started_on: dt.date, *, has_direction: bool = True) -> Judgement:
    """Return the verdict on what was started on a day.

    Only figures whose period began on or after that day count. A change is a shift or a trend that marks at
    least `RUN` of them in a row and goes on, or ended less than `RUN` figures ago; the latest decides.
    What stood there before the start (a pattern complete by then, among its last `RUN` figures) is no change
    since; that it is over is one: none of the last `RUN` figures belongs to it, and `BACK` of them lie on
    the other side of the centre.

    Parameters
    ----------
    figures : sequence of Seen
        Closed figures, oldest first; periods without a figure are left out.
    started_on : date
        First day of the action.
    has_direction : bool
        Whether more, or less, is better.

    Returns
    -------
    Judgement
        `weeks_left` is 0 unless it is too early.

    References
    ----------
    docs/algorithms/actions.md.

    Examples
    --------
    >>> days = [dt.date(2026, 6, 1) + dt.timedelta(weeks=n) for n in range(8)]
    >>> rise = [Seen(day, day + dt.timedelta(days=6), Way.BETTER, Way.BETTER, day) for day in days]
    >>> judge(rise, days[0]).verdict
    <Verdict.IMPROVED: 'improved'>
    >>> early = judge(rise, days[1])
    >>> early.verdict, early.n_points, early.weeks_left
    (<Verdict.TOO_EARLY: 'too_early'>, 7, 1)
    """
    since = [figure for figure in figures if figure.start >= started_on]
    latest = since[-1].end if since else None
    if not has_direction:
        return Judgement(Verdict.NO_DIRECTION, len(since), 0, latest)
    if len(since) < ENOUGH:
        return Judgement(Verdict.TOO_EARLY, len(since), (ENOUGH - len(since)) * _weeks_of(figures), latest)
    verdicts = {Way.BETTER: Verdict.IMPROVED, Way.WORSE: Verdict.WORSE, Way.NONE: Verdict.NO_CHANGE}
    before = [figure for figure in figures if figure.start < started_on]
    return Judgement(verdicts[_way_since(since, _standing(before, since))], len(since), 0, latest)


def _weeks_of(figures: Sequence[Seen]) -> int:
    """Return how many weeks the newest figure covers: that is how long the next one takes."""
    return max(1, ((figures[-1].end - figures[-1].start).days + 1) // 7) if figures else 1


def _standing(before: Sequence[Seen], since: Sequence[Seen]) -> Way:
    """Return where the chart stood at the start: a pattern complete before it, on the lines in use today."""
    for figure in reversed(before[-RUN:]):
        if figure.way is not Way.NONE and figure.found < since[0].start and figure.centre == since[-1].centre:
            return figure.way
    return Way.NONE


def _way_since(since: Sequence[Seen], standing: Way) -> Way:
    way = _latest_run([figure.way for figure in since])
    if way is not Way.NONE:
        return way if way is not standing else Way.NONE
    last = since[-RUN:]
    gone = all(figure.way is not standing for figure in last)
    n_back = sum(figure.side is standing.other for figure in last)
    return standing.other if gone and n_back >= BACK else Way.NONE


def _latest_run(ways: Sequence[Way]) -> Way:
    """Return the way of the latest run that is long enough and not over for long."""
    end = len(ways)
    while end > len(ways) - RUN:
        way, first = ways[end - 1], end - 1
        while first > 0 and ways[first - 1] is way:
            first -= 1
        if way is not Way.NONE and end - first >= RUN:
            return way
        end = first
    return Way.NONE

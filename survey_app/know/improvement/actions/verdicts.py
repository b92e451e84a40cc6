"""The verdict on an action, by rule: what its chart says since the start, and never why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

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
    """One closed figure of the chart as the rule reads it, turned round where less is better.

    Attributes
    ----------
    start, end : date
        First and last day of its period.
    value : float
        More is better.
    centre : float or None
        The centre line it was judged by; another one than before tells that there are new lines.
    way : Way
        Where a shift or a trend that it is part of points.
    found : date
        Last day of the period that completed that pattern; its own last day where there is none.
    """

    start: dt.date
    end: dt.date
    value: float
    centre: float | None
    way: Way
    found: dt.date

    @property
    def side(self) -> Way:
        """On which side of its centre line it lies.

        Returns
        -------
        Way
            None of both on the line, and without one.
        """
        if self.centre is None or self.value == self.centre:
            return Way.NONE
        return Way.BETTER if self.value > self.centre else Way.WORSE


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, what it rests on, and how long to wait for one.

    Attributes
    ----------
    verdict : Verdict
        What the chart says.
    n_points : int
        Figures since the start.
    weeks_left : int
        Until there are enough; 0 where there are.
    latest_to : date or None
        Last day of the newest of them.
    begun_on : date or None
        First day of the run that decides, which may lie before the start.
    """

    verdict: Verdict
    n_points: int
    weeks_left: int
    latest_to: dt.date | None
    begun_on: dt.date | None = None


def judge(figures: Sequence[Seen], started_on: dt.date, *, has_direction: bool = True) -> Judgement:
    """Return the verdict on what was started on a day.

    Only figures whose period began on or after that day count, and only by the centre line that was in use
    before it: new lines since then neither hide a change nor make one. A change is a shift or a trend that
    marks at least `RUN` of them in a row and goes on, or ended less than `RUN` figures ago; the latest
    decides.
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
    >>> rise = [Seen(day, day + dt.timedelta(days=6), 60.0, 50.0, Way.BETTER, day) for day in days]
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
    since = _by_lines_of(before, since)
    way, run_ends = _way_since(since, _standing(before, since))
    begun = _begin(before, since[:run_ends]) if way is not Way.NONE and run_ends else None
    return Judgement(verdicts[way], len(since), 0, latest, begun)


def _weeks_of(figures: Sequence[Seen]) -> int:
    """Return how many weeks the newest figure covers: that is how long the next one takes."""
    return max(1, ((figures[-1].end - figures[-1].start).days + 1) // 7) if figures else 1


def _by_lines_of(before: Sequence[Seen], since: Sequence[Seen]) -> list[Seen]:
    """Return the figures since the start by the centre line before it; new lines mean looking anew."""
    centre = before[-1].centre if before else None
    if centre is None or all(figure.centre == centre for figure in since):
        return list(since)
    moved: list[Seen] = []
    for _, run in groupby((replace(figure, centre=centre) for figure in since), key=lambda one: one.side):
        stretch = list(run)
        is_shift = len(stretch) >= RUN
        moved += [
            replace(
                figure,
                way=figure.side if is_shift else Way.NONE,
                found=max(figure.end, stretch[RUN - 1].end) if is_shift else figure.end,
            )
            for figure in stretch
        ]
    return moved


def _standing(before: Sequence[Seen], since: Sequence[Seen]) -> Way:
    """Return where the chart stood at the start: a pattern complete before it, on the lines of then."""
    for figure in reversed(before[-RUN:]):
        if (
            figure.way is not Way.NONE
            and figure.found < since[0].start
            and figure.centre == before[-1].centre
        ):
            return figure.way
    return Way.NONE


def _way_since(since: Sequence[Seen], standing: Way) -> tuple[Way, int]:
    """Return the way, and how many figures there are up to the end of the run that decides; 0 without one."""
    way, end = _latest_run([figure.way for figure in since])
    if way is not Way.NONE:
        return (way, end) if way is not standing else (Way.NONE, 0)
    last = since[-RUN:]
    gone = all(figure.way is not standing for figure in last)
    n_back = sum(figure.side is standing.other for figure in last)
    return (standing.other if gone and n_back >= BACK else Way.NONE), 0


def _begin(before: Sequence[Seen], since: Sequence[Seen]) -> dt.date:
    """Return where the run that the last figure belongs to begins, on the same lines."""
    last = since[-1]
    begun = last.start
    for figure in reversed((*before, *since)):
        if figure.way is not last.way or figure.centre != last.centre:
            break
        begun = figure.start
    return begun


def _latest_run(ways: Sequence[Way]) -> tuple[Way, int]:
    """Return the way and the end of the latest run that is long enough and not over for long."""
    end = len(ways)
    while end > len(ways) - RUN:
        way, first = ways[end - 1], end - 1
        while first > 0 and ways[first - 1] is way:
            first -= 1
        if way is not Way.NONE and end - first >= RUN:
            return way, end
        end = first
    return Way.NONE, 0

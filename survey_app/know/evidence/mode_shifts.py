"""Shifts of the mode mix: weeks from which on people answer in another way, which alone can move a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app.know.evidence.figures import BinFigures
from survey_app.know.improvement.marks import Mark, MarkKind
from survey_app.know.measures.modes import CODES, MODE, WORDS
from survey_app.stats.differences import newcombe

POINTS = 15
"""Percentage points by which a share must have moved to be worth a word."""
CERTAINTY = 0.9973
"""Three sigmas, as for a single point: at 25 answers chance moves a share by 15 points every few weeks."""
LOOKS_BACK = 4
"""Figures before, taken together, that chance is judged against: one odd week is no beginning."""


@dataclass(frozen=True, slots=True)
class ModeShift:
    """The way of answering whose share moved most between two figures that follow each other.

    Attributes
    ----------
    day : date
        First day of the later figure's bin.
    channel : str
        Of `modes.CODES`.
    before, after : float
        Its share in percent in the two figures.
    """

    day: dt.date
    channel: str
    before: float
    after: float

    @property
    def mark(self) -> Mark:
        """The shift as it stands on a chart.

        Returns
        -------
        Mark
            It says what moved, and what that may mean.
        """
        more = "More" if self.after > self.before else "Fewer"
        text = (
            f"{more} people answered {WORDS[self.channel]} from this week "
            f"({self.before:.0f}% before, {self.after:.0f}% now): part of the change may come from that"
        )
        return Mark(self.day, MarkKind.MODE_SHIFT, text)


def mode_shifts(bins: Sequence[BinFigures]) -> Iterator[ModeShift]:
    """Yield where the mode mix moved, at one place for one instrument version.

    Parameters
    ----------
    bins : sequence of BinFigures
        Oldest first; those that are still open, or say nothing of modes, are passed over.

    Yields
    ------
    ModeShift
        At most one a bin: a share moved by more than `POINTS` since the figure before, by more than chance
        explains since the last `LOOKS_BACK` figures, and did not go back in the next, where there is one.

    References
    ----------
    docs/algorithms/mode-mix.md; Newcombe, docs/algorithms/differences.md.
    """
    known = [(bin_.start, bin_.counts[MODE]) for bin_ in bins if MODE in bin_.counts and not bin_.provisional]
    since = 0
    for number in range(1, len(known)):
        before = [counts for _, counts in known[max(since, number - LOOKS_BACK) : number]]
        after = [counts for _, counts in known[number : number + 2]]
        moved = [found for channel in CODES if (found := _moved(known[number][0], channel, before, after))]
        if moved:
            since = number
            yield max(moved, key=lambda shift: shift.after - shift.before)


def _moved(
    day: dt.date, channel: str, before: Sequence[Mapping[int, int]], after: Sequence[Mapping[int, int]]
) -> ModeShift | None:
    level, last = _share(channel, before), _share(channel, before[-1:])
    now, *later = (_share(channel, [counts]) for counts in after)
    difference = newcombe(now.x, now.n, level.x, level.n, CERTAINTY)
    if abs(now.percent - last.percent) <= POINTS or difference is None:
        return None
    if difference.low <= 0 <= difference.high:
        return None
    way = 1 if difference.estimate > 0 else -1
    stayed = all(way * (one.percent - level.percent) > POINTS for one in later)
    return ModeShift(day, channel, last.percent, now.percent) if stayed else None


@dataclass(frozen=True, slots=True)
class _Share:
    x: int
    n: int

    @property
    def percent(self) -> float:
        return 100 * self.x / self.n


def _share(channel: str, counts: Sequence[Mapping[int, int]]) -> _Share:
    code = CODES[channel]
    return _Share(sum(row.get(code, 0) for row in counts), sum(sum(row.values()) for row in counts))

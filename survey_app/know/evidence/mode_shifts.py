"""Shifts of the mode mix: weeks from which on people answer in another way, which alone can move a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey_app.know.evidence.figures import BinFigures
from survey_app.know.improvement.marks import Mark, MarkKind
from survey_app.know.measures.modes import CODES, MODE, WORDS
from survey_app.stats.differences import newcombe

POINTS = 15
"""Percentage points by which a share must have moved to be worth a word."""
CERTAINTY = 0.9973
"""Three sigmas, as for a single point: at 25 answers chance moves a share by 15 points every few weeks."""


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
        At most one a bin: a share moved by more than `POINTS`, and by more than chance explains.

    References
    ----------
    docs/algorithms/mode-mix.md; Newcombe, docs/algorithms/differences.md.
    """
    known = [(bin_.start, bin_.counts[MODE]) for bin_ in bins if MODE in bin_.counts and not bin_.provisional]
    for (_, before), (day, after) in pairwise(known):
        moved = [found for channel in CODES if (found := _moved(day, channel, before, after))]
        if moved:
            yield max(moved, key=lambda shift: shift.after - shift.before)


def _moved(
    day: dt.date, channel: str, before: Mapping[int, int], after: Mapping[int, int]
) -> ModeShift | None:
    code, n_before, n_after = CODES[channel], sum(before.values()), sum(after.values())
    difference = newcombe(after.get(code, 0), n_after, before.get(code, 0), n_before, CERTAINTY)
    if difference is None or abs(100 * difference.estimate) <= POINTS:
        return None
    if difference.low <= 0 <= difference.high:
        return None
    return ModeShift(day, channel, 100 * before.get(code, 0) / n_before, 100 * after.get(code, 0) / n_after)

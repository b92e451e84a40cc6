"""Marks as every form of a series tells them: numbered, in words, and beside the bin they fall in."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.know.evidence.series import Series
from survey_app.know.improvement.marks import Mark, MarkKind, in_order
from survey_app.show.charts.dates import day_words

KINDS = {
    MarkKind.ANNOTATION: "Note",
    MarkKind.REBASE: "New baseline",
    MarkKind.VERSION: "New wording",
    MarkKind.MODE_SHIFT: "Other ways of answering",
    MarkKind.ACTION: "Action",
}
BREAKS = frozenset({MarkKind.REBASE, MarkKind.VERSION, MarkKind.MODE_SHIFT})
"""Kinds from which on figures are to be read another way."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A mark with the number by which picture, list and table name it."""

    number: int
    mark: Mark

    @property
    def words(self) -> str:
        """The mark in words.

        Returns
        -------
        str
            Kind and text, without the date.
        """
        return f"{KINDS[self.mark.kind]}: {self.mark.text}"

    @property
    def when(self) -> str:
        """The day of the mark.

        Returns
        -------
        str
            As people say it.
        """
        return day_words(self.mark.day)


def numbered(series: Series) -> tuple[Numbered, ...]:
    """Number the marks of a series.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    tuple of Numbered
        From 1, oldest first.
    """
    return tuple(Numbered(number, mark) for number, mark in enumerate(in_order(series.marks), start=1))


def by_bin(series: Series) -> tuple[tuple[Numbered, ...], ...]:
    """Give every mark to the bin its day falls in.

    Parameters
    ----------
    series : Series
        As stored, n bins.

    Returns
    -------
    tuple of tuple of Numbered, shape (n,)
        A day before the first bin goes to the first, one after the last to the last: none is left out.
    """
    bins: list[list[Numbered]] = [[] for _ in series.points]
    starts = [point.start for point in series.points]
    for one in numbered(series) if bins else ():
        index = sum(start <= one.mark.day for start in starts) - 1
        bins[max(index, 0)].append(one)
    return tuple(tuple(found) for found in bins)

"""A series as comma-separated values (RFC 4180) that no spreadsheet reads as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from survey_app.ask.population.sheets import FORMULA_STARTS
from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.show.charts.dated import Numbered, by_bin

COLUMNS = (
    "measure", "place", "from", "to", "value", "n", "low", "high", "centre", "lower", "upper",
    "state", "signals", "provisional", "carried", "withheld", "flagged", "marks",
)  # fmt: skip
_FORMULA_STARTS = (*FORMULA_STARTS, "\t", "\r", "\n", "\0")


def rows_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : iterable of sequence
        Cells in that order; numbers are rounded as in JSON, None is an empty cell.

    Returns
    -------
    str
        Lines ended by CR LF.
    """
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return sink.getvalue()


def series_csv(series: Series) -> str:
    """Write a series as CSV, one row a bin, oldest first.

    Parameters
    ----------
    series : Series
        As stored; figures are rounded as in the Series JSON.

    Returns
    -------
    str
        A header row and one row a bin, lines ended by CR LF.

    References
    ----------
    .. [1] RFC 4180, Common Format and MIME Type for Comma-Separated Values (CSV) Files.
    """
    return rows_csv(COLUMNS, series_rows(series))


def series_rows(series: Series) -> Iterator[list[object]]:
    """Write a series as rows of cells, in the order of COLUMNS.

    Parameters
    ----------
    series : Series
        As stored.

    Yields
    ------
    list of object
        One a bin, oldest first; None is an empty cell.
    """
    for point, marks in zip(series.points, by_bin(series), strict=True):
        yield [series.measure, series.place, *_cells(point), _told(marks)]


def _told(marks: tuple[Numbered, ...]) -> str | None:
    told = (f"{one.mark.day} {one.mark.kind.value}: {one.mark.text}" for one in marks)
    return "; ".join(told) or None


def _cells(point: Point | Gap) -> list[object]:
    span = [point.start, point.end]
    if isinstance(point, Gap):
        return [*span, *[None] * 11, point.withheld.value, None]
    return [
        *span,
        point.value,
        point.n,
        *(point.low, point.high, point.centre, point.lower, point.upper),
        point.state.value,
        " ".join(point.signals),
        "yes" if point.provisional else "no",
        "yes" if point.carried else "no",
        None,
        point.flagged,
    ]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(round(value, 4))
    # A leading apostrophe is shown by spreadsheets as text; a place called "=cmd()" must not run.
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text

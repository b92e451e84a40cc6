"""A series as comma-separated values (RFC 4180) that no spreadsheet reads as a formula."""

from __future__ import annotations

import csv
import io

from survey_app.know.evidence.series import Gap, Point, Series

COLUMNS = (
    "measure", "place", "from", "to", "value", "n", "low", "high", "centre", "lower", "upper",
    "state", "signals", "provisional", "carried", "withheld", "flagged",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


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
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for point in series.points:
        writer.writerow([_cell(series.measure), _cell(series.place), *_cells(point)])
    return sink.getvalue()


def _cells(point: Point | Gap) -> list[str]:
    span = [point.start.isoformat(), point.end.isoformat()]
    if isinstance(point, Gap):
        return [*span, *[""] * 11, point.withheld.value, ""]
    figures = (point.low, point.high, point.centre, point.lower, point.upper)
    return [
        *span,
        _number(point.value),
        str(point.n),
        *(_number(figure) for figure in figures),
        point.state.value,
        _cell(" ".join(point.signals)),
        "yes" if point.provisional else "no",
        "yes" if point.carried else "no",
        "",
        point.flagged.isoformat() if point.flagged else "",
    ]


def _number(value: float | None) -> str:
    return "" if value is None else repr(round(value, 4))


def _cell(text: str) -> str:
    # A leading apostrophe is shown by spreadsheets as text; a place called "=cmd()" must not run.
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text

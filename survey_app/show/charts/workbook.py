"""A series as an Excel workbook: the rows of the CSV with real dates and numbers, and how they were made."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from survey_app.know.evidence.series import Series
from survey_app.show.charts.alt import Titles, alt_title
from survey_app.show.charts.comma import COLUMNS, series_rows
from survey_app.show.charts.dated import numbered

SAFE = {
    "in_memory": True,
    # Names and notes are typed by people: they stay text, whatever they begin with.
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the file's own date: the same series gives the same bytes
WIDTHS = {"measure": 18, "place": 14, "from": 12, "to": 12, "state": 16, "signals": 24, "marks": 60}


def series_xlsx(series: Series, titles: Titles) -> bytes:
    """Write a series as a workbook of two sheets.

    Parameters
    ----------
    series : Series
        As stored; figures are rounded as in the Series JSON.
    titles : Titles
        Names of measure and place; any text, never read as a formula.

    Returns
    -------
    bytes
        The sheet "Figures" has the columns of the CSV, "About" says what they are. The same bytes for the
        same series.
    """
    import xlsxwriter

    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, SAFE) as book:
        book.set_properties({"title": alt_title(titles), "created": MADE})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Figures")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, bold)
            sheet.set_column(column, column, WIDTHS.get(name, 10))
        for number, row in enumerate(series_rows(series), start=1):
            _write(sheet, number, row, day)
        about = book.add_worksheet("About")
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 100)
        for number, row in enumerate(_about(series, titles)):
            _write(about, number, row, day)
    return sink.getvalue()


def _write(sheet: Any, number: int, row: Sequence[object], day: Any) -> None:  # noqa: ANN401 - xlsxwriter's own, untyped
    for column, cell in enumerate(row):
        if isinstance(cell, dt.date):
            sheet.write_datetime(number, column, cell, day)
        elif isinstance(cell, int | float):
            sheet.write_number(number, column, round(cell, 4))
        elif cell is not None:
            sheet.write_string(number, column, str(cell))


def _about(series: Series, titles: Titles) -> list[list[object]]:
    facts: list[list[object]] = [
        ["Measure", titles.measure],
        ["Place", titles.place],
        ["Unit", series.unit],
        ["Better is", series.direction.value],
        ["Chart", series.chart.value],
        ["Rules", series.rules],
        ["Limits", series.limits.value],
        ["Target", series.target],
        ["Target since", series.target_since],
        ["Release", series.release],
        ["In words", series.summary],
    ]
    return facts + [[f"Mark {one.number}", f"{one.when}. {one.words}"] for one in numbered(series)]

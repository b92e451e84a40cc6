"""The data table of a series: the same figures as the picture, as rows of text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.show.charts.dated import Numbered, by_bin
from survey_app.show.charts.dates import day_words, span_words
from survey_app.show.charts.phrases import figure_words, limit_words
from survey_app.show.charts.series_words import gap_words, signal_words, state_words


@dataclass(frozen=True, slots=True)
class Row:
    """One bin as text; `exact` is the figure that the JSON and CSV carry."""

    period: str
    value: str
    exact: float | None
    n: str
    interval: str
    limits: str
    state: str
    note: str
    marks: tuple[Numbered, ...] = ()


def table_rows(series: Series) -> tuple[Row, ...]:
    """Write every bin of a series as a row of text.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    tuple of Row, shape (n,)
        Newest first: readers ask about this week before last year.
    """
    rows = [
        replace(_row(point, series), marks=marks)
        for point, marks in zip(series.points, by_bin(series), strict=True)
    ]
    return tuple(reversed(rows))


def _row(point: Point | Gap, series: Series) -> Row:
    period = span_words(point.start, point.end)
    if isinstance(point, Gap):
        value, note = gap_words(point, series)
        return Row(period, value, None, "", "", "", "", note)
    return Row(
        period=period,
        value=figure_words(point.value, series.unit, decimals=1),
        exact=round(point.value, 4),
        n=f"{point.n:,}" if series.counted else "",
        interval=range_words(point.low, point.high, series.unit),
        limits=limit_words(point.lower, point.upper, series.unit),
        state=state_words(point),
        note=note_words(point, series.rules),
    )


def range_words(low: float | None, high: float | None, unit: str) -> str:
    """Write a range of figures.

    Parameters
    ----------
    low, high : float or None
        Ends of the range, in `unit`.
    unit : str
        The measure's unit.

    Returns
    -------
    str
        Both ends, or an empty text where one is missing.

    Examples
    --------
    >>> range_words(51.8, 66.2, "score")
    '52 to 66'
    """
    if low is None or high is None:
        return ""
    return f"{figure_words(low, unit)} to {figure_words(high, unit)}"


def note_words(point: Point, rules: str) -> str:
    """Say what else a reader should know about a point.

    Parameters
    ----------
    point : Point
        A point of a series.
    rules : str
        The preset its signals were found with.

    Returns
    -------
    str
        Phrases joined by semicolons, with a capital; empty where there is nothing to say.
    """
    notes = [signal_words(signal, rules) for signal in point.signals]
    if point.flagged:
        notes.append(f"marked since {day_words(point.flagged)}, when the pattern was complete")
    if point.carried:
        notes.append("includes answers that waited from an earlier period")
    if point.provisional:
        notes.append("this period is not over")
    text = "; ".join(notes)
    return text[:1].upper() + text[1:]

"""The one way out of this room: small counts are hidden, others rounded, and figures made of what is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.know.records.definitions import Days, FigureKind, RecordMeasure
from survey_app.know.records.periods import n_days

SMALLEST, STEP = 8, 5
A_YEAR = {Days.CALENDAR: 365.25, Days.WORKING: 253.0}
"""Days that a rate is told for; 253 are the working days of an ordinary year."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One period as it was counted; it stays in this room."""

    start: dt.date
    end: dt.date
    numerator: float
    denominator: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One period as anybody may see it.

    Attributes
    ----------
    numerator, denominator : int or None
        Rounded to 5; None where hidden, or where the measure has none.
    value : float or None
        In the measure's unit, made of the rounded parts; None where a part is hidden or nothing was given.
    size : float
        What limits may weigh the value by: people, or people times days, in the units of the rate.
    hidden : bool
        Whether there is a figure that is too small to show.
    """

    start: dt.date
    end: dt.date
    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    size: float = 1.0
    hidden: bool = False


def rounded(count: float) -> int | None:
    """Round a count as the rule asks.

    Parameters
    ----------
    count : float
        From 0 up.

    Returns
    -------
    int or None
        0 stays 0, 1 to 7 are hidden, others go to the nearest 5.

    References
    ----------
    docs/algorithms/records.md.

    Examples
    --------
    >>> [rounded(count) for count in (0, 1, 7, 8, 12, 13)]
    [0, None, None, 10, 10, 15]
    """
    if count == 0:
        return 0
    if count < SMALLEST:
        return None
    return int((count + STEP / 2) // STEP) * STEP


def shown(measure: RecordMeasure, raw: Raw) -> Shown:
    """Turn a period as it was counted into what anybody may see.

    Parameters
    ----------
    measure : RecordMeasure
        Its definition.
    raw : Raw
        As it was counted.

    Returns
    -------
    Shown
        Depends on the rounded parts alone: two periods that round alike look alike. A standardised value,
        which is no count, goes out as it was calculated.

    References
    ----------
    docs/algorithms/records.md.
    """
    if measure.figure is FigureKind.STANDARDISED:
        return Shown(raw.start, raw.end, value=raw.numerator)
    top = rounded(raw.numerator)
    if measure.figure is FigureKind.COUNT:
        return Shown(raw.start, raw.end, top, None, None if top is None else float(top), hidden=top is None)
    bottom = rounded(raw.denominator or 0.0)
    if top is None or bottom is None:
        return Shown(raw.start, raw.end, top, bottom, hidden=True)
    size = bottom * _span(measure, raw) / measure.per / _whole(measure)
    return Shown(raw.start, raw.end, top, bottom, top / size if size else None, size or 1.0)


def _span(measure: RecordMeasure, raw: Raw) -> float:
    if measure.daily:
        return float(n_days(raw.start, raw.end))
    if measure.days is Days.NONE:
        return 1.0
    return n_days(raw.start, raw.end, measure.days) / A_YEAR[measure.days]


def _whole(measure: RecordMeasure) -> float:
    return 100.0 if measure.figure is FigureKind.PERCENT else 1.0

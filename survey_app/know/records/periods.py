"""Periods of records: whole months, quarters and years, and how many days or working days they have."""

from __future__ import annotations

import datetime as dt
from functools import cache

from survey_app.know.records.definitions import Days, PeriodKind

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}
YEAR_STARTS = 4
"""The month with which the year of councils and the health service begins."""
WEEKDAYS = 5


def period_fault(kind: PeriodKind, start: dt.date, end: dt.date) -> str | None:
    """Return what is wrong with a period, or None."""
    if end < start:
        return f"to {end} is before from {start}"
    if start.day != 1 or (end + dt.timedelta(days=1)).day != 1:
        return f"expected whole months, from a first day to a last day, not {start} to {end}"
    n_months = (end.year - start.year) * 12 + end.month - start.month + 1
    if kind is PeriodKind.YEAR:
        return None if n_months <= 12 else f"expected at most 12 months, found {n_months}"
    if n_months != MONTHS[kind] or (start.month - 1) % MONTHS[kind]:
        return f"expected a calendar {kind}, not {start} to {end}"
    return None


def following(kind: PeriodKind, start: dt.date) -> dt.date:
    """Return the first day of the next month or quarter."""
    month = start.month - 1 + MONTHS[kind]
    return dt.date(start.year + month // 12, month % 12 + 1, 1)


def begins_a_year(start: dt.date) -> bool:
    """Return whether counting up starts anew with a period."""
    return start.month == YEAR_STARTS


def n_days(start: dt.date, end: dt.date, days: Days = Days.CALENDAR) -> int:
    """Return how many days, or working days of England and Wales, a period has."""
    span = [start + dt.timedelta(days=number) for number in range((end - start).days + 1)]
    if days is not Days.WORKING:
        return len(span)
    return sum(day.weekday() < WEEKDAYS and day not in bank_holidays(day.year) for day in span)


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """Return the regular bank holidays of England and Wales; single extra ones of a year are not known."""
    easter = easter_sunday(year)
    found = {
        easter - dt.timedelta(days=2),
        easter + dt.timedelta(days=1),
        _first_monday(year, 5),
        _first_monday(year, 6) - dt.timedelta(days=7),
        _first_monday(year, 9) - dt.timedelta(days=7),
    }
    for month, day in ((1, 1), (12, 25), (12, 26)):
        holiday = dt.date(year, month, day)
        while holiday.weekday() >= WEEKDAYS or holiday in found:
            holiday += dt.timedelta(days=1)
        found.add(holiday)
    return frozenset(found)


def easter_sunday(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876."""
    golden, century, rest = year % 19, year // 100, year % 100
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def _first_monday(year: int, month: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=-first.weekday() % 7)

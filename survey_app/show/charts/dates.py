"""Dates in plain words: a day, a span of days, a quarter."""

from __future__ import annotations

import datetime as dt

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: dt.date, *, year: bool = True) -> str:
    """Write a date as people say it.

    Parameters
    ----------
    day : datetime.date
        A local date.
    year : bool
        Whether to add the year.

    Returns
    -------
    str
        Day, short month and perhaps the year.

    Examples
    --------
    >>> day_words(dt.date(2026, 11, 9))
    '9 Nov 2026'
    """
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words


def span_words(start: dt.date, end: dt.date) -> str:
    """Write the days of a bin, without saying month or year twice.

    Parameters
    ----------
    start, end : datetime.date
        First and last day.

    Returns
    -------
    str
        Both days.

    Examples
    --------
    >>> span_words(dt.date(2026, 11, 9), dt.date(2026, 11, 15))
    '9 to 15 Nov 2026'
    >>> span_words(dt.date(2026, 11, 30), dt.date(2026, 12, 6))
    '30 Nov to 6 Dec 2026'
    """
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {day_words(end)}"
    return f"{day_words(start, year=start.year != end.year)} to {day_words(end)}"


def quarter_words(start: dt.date) -> str:
    """Write a quarter as people say it.

    Parameters
    ----------
    start : datetime.date
        Its Monday.

    Returns
    -------
    str
        Its first and last day: 13 weeks, the last of a year with a week 53 has 14.

    Examples
    --------
    >>> quarter_words(dt.date(2026, 6, 29)), quarter_words(dt.date(2026, 9, 28))
    ('Quarter of 29 Jun to 27 Sep 2026', 'Quarter of 28 Sep 2026 to 3 Jan 2027')
    """
    year, week, _ = start.isocalendar()
    after = start + dt.timedelta(weeks=13) if week < 40 else dt.date.fromisocalendar(year + 1, 1, 1)
    return f"Quarter of {span_words(start, after - dt.timedelta(days=1))}"

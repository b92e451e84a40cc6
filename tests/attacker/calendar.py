"""Weeks and quarters by the attacker's own reckoning: ISO weeks, quarters from weeks 1, 14, 27 and 40."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)


def monday_of(day: dt.date) -> dt.date:
    return day - day.weekday() * DAY


def quarter_of(day: dt.date) -> dt.date:
    """Return the Monday of the quarter that holds a day; week 53 belongs to the last one."""
    year, week, _ = day.isocalendar()
    return dt.date.fromisocalendar(year, (1, 14, 27, 40)[min((week - 1) // 13, 3)], 1)


def instant(day: dt.date, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    """Return the UTC instant of a local time."""
    return dt.datetime.combine(day, dt.time(hour, minute, second), tzinfo=LONDON).astimezone(dt.UTC)


def local_day(at: dt.datetime) -> dt.date:
    return at.astimezone(LONDON).date()

"""The one place that asks what time it is; everything else is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the current instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def london_day(at: dt.datetime) -> dt.date:
    """Return the local date in Europe/London of an aware instant."""
    return at.astimezone(LONDON).date()


def day_starts_at(day: dt.date) -> dt.datetime:
    """Return the UTC instant at which a local day begins."""
    return dt.datetime.combine(day, dt.time(), tzinfo=LONDON).astimezone(dt.UTC)


def week_of(day: dt.date) -> dt.date:
    """Return the Monday of the ISO week that holds a local date."""
    return day - dt.timedelta(days=day.weekday())

"""Quiet hours: nobody is texted unasked before eight or after eight, by the clock on their wall."""

from __future__ import annotations

import datetime as dt

from survey_app.clock import LONDON

OPENS = dt.time(8)
CLOSES = dt.time(20)


def next_allowed(at: dt.datetime) -> dt.datetime:
    """Return `at` itself, or the next opening if `at` falls into quiet hours; aware, in UTC.

    Examples
    --------
    >>> next_allowed(dt.datetime(2026, 7, 1, 21, 30, tzinfo=dt.UTC)).isoformat()
    '2026-07-02T07:00:00+00:00'
    """
    local = at.astimezone(LONDON)
    if local.time() < OPENS:
        return _opening(local.date())
    if local.time() >= CLOSES:
        return _opening(local.date() + dt.timedelta(days=1))
    return at.astimezone(dt.UTC)


def seconds_until_close(at: dt.datetime) -> int:
    """Return how long a text handed over at `at` may wait at the provider before quiet hours begin."""
    local = at.astimezone(LONDON)
    closing = dt.datetime.combine(local.date(), CLOSES, tzinfo=LONDON)
    return max(0, int((closing.astimezone(dt.UTC) - at.astimezone(dt.UTC)).total_seconds()))


def _opening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, OPENS, tzinfo=LONDON).astimezone(dt.UTC)

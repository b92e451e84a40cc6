"""Quiet hours: nobody is texted unasked before eight or after eight, or rung before nine or after seven."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.ask.sending.tables import Medium
from survey_app.clock import LONDON


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when people may be disturbed, by the clock on their wall."""

    opens: dt.time
    closes: dt.time


TEXTS = Hours(dt.time(8), dt.time(20))
CALLS = Hours(dt.time(9), dt.time(19))


def hours_of(medium: Medium) -> Hours:
    """Return when a medium may disturb people: a ringing telephone is harder to leave alone than a text."""
    return CALLS if medium is Medium.CALL else TEXTS


def next_allowed(at: dt.datetime, hours: Hours = TEXTS) -> dt.datetime:
    """Return `at` itself, or the next opening if `at` falls into quiet hours; aware, in UTC.

    Examples
    --------
    >>> next_allowed(dt.datetime(2026, 7, 1, 21, 30, tzinfo=dt.UTC)).isoformat()
    '2026-07-02T07:00:00+00:00'
    """
    local = at.astimezone(LONDON)
    if local.time() < hours.opens:
        return _opening(local.date(), hours)
    if local.time() >= hours.closes:
        return _opening(local.date() + dt.timedelta(days=1), hours)
    return at.astimezone(dt.UTC)


def seconds_until_close(at: dt.datetime, hours: Hours = TEXTS) -> int:
    """Return how long a message handed over at `at` may wait at the provider before quiet hours begin."""
    local = at.astimezone(LONDON)
    closing = dt.datetime.combine(local.date(), hours.closes, tzinfo=LONDON)
    return max(0, int((closing.astimezone(dt.UTC) - at.astimezone(dt.UTC)).total_seconds()))


def _opening(day: dt.date, hours: Hours) -> dt.datetime:
    return dt.datetime.combine(day, hours.opens, tzinfo=LONDON).astimezone(dt.UTC)

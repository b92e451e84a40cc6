"""When to ring again: at most three calls, two hours apart, in another part of the day."""

from __future__ import annotations

import datetime as dt

from survey_app.ask.sending.quiet_hours import CALLS, next_allowed
from survey_app.clock import LONDON

MOST_CALLS = 3
APART = dt.timedelta(hours=2)
PARTS = (CALLS.opens, dt.time(12), dt.time(16))
"""Morning, afternoon and evening begin; whoever is out in one part of the day may be in in another."""


def next_call(tried_at: dt.datetime) -> dt.datetime:
    """Return when to ring next after a call that came to nothing; aware, in UTC.

    Examples
    --------
    >>> next_call(dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)).isoformat()
    '2026-11-02T12:00:00+00:00'
    """
    local = tried_at.astimezone(LONDON)
    later = [part for part in PARTS if part > local.time()]
    day, start = (local.date(), later[0]) if later else (local.date() + dt.timedelta(days=1), CALLS.opens)
    other_part = dt.datetime.combine(day, start, tzinfo=LONDON).astimezone(dt.UTC)
    return next_allowed(max(other_part, tried_at.astimezone(dt.UTC) + APART), CALLS)

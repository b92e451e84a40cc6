"""Spreading invitations evenly over the hours in which people may be texted."""

from __future__ import annotations

import datetime as dt

from survey_app.ask.sending.quiet_hours import next_allowed

STEP = dt.timedelta(minutes=1)


def open_minutes(first: dt.datetime, last: dt.datetime) -> list[dt.datetime]:
    """Return the minutes from `first` to before `last` that lie outside quiet hours."""
    minutes = []
    at = next_allowed(first)
    while at < last:
        minutes.append(at)
        at = next_allowed(at + STEP)
    return minutes


def spread(n: int, minutes: list[dt.datetime]) -> list[dt.datetime]:
    """Return n of the minutes, evenly apart and in order; some twice where people outnumber minutes."""
    return [minutes[(2 * number + 1) * len(minutes) // (2 * n)] for number in range(n)]

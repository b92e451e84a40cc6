"""Whom an alert is sent to, and when it climbs: after 15 minutes, after 30 more, then every hour."""

from __future__ import annotations

import datetime as dt

from survey_app.clock import LONDON
from survey_app.hear.reading.model import DistressKind
from survey_app.settings import Settings

WAITS = (dt.timedelta(minutes=15), dt.timedelta(minutes=30), dt.timedelta(hours=1))
OPENS, CLOSES = dt.time(9), dt.time(17)
SATURDAY = 5
FOR_SAFEGUARDING = frozenset({DistressKind.ABUSE, DistressKind.NEGLECT})


def first_told(kind: DistressKind, at: dt.datetime, settings: Settings) -> tuple[str, ...]:
    """Return who is written to at once; outside working hours the duty address too."""
    lead = settings.safeguarding_email if kind in FOR_SAFEGUARDING else ""
    duty = "" if is_office_time(at) else settings.escalation_email
    return _different(lead or settings.on_call_email, duty)


def is_office_time(at: dt.datetime) -> bool:
    """Tell whether the people on call are at work: Monday to Friday, nine to five, by their clocks."""
    local = at.astimezone(LONDON)
    return local.weekday() < SATURDAY and OPENS <= local.time() < CLOSES


def next_told(settings: Settings) -> tuple[str, ...]:
    """Return who is written to when nobody has taken an alert on in time."""
    return _different(settings.escalation_email, settings.on_call_email)


def climbs_at(at: dt.datetime, n_escalated: int) -> dt.datetime:
    """Return when an alert that is still open climbs next."""
    return at + WAITS[min(n_escalated, len(WAITS) - 1)]


def _different(*addresses: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for address in addresses if address))

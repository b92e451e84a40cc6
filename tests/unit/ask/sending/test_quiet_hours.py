from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.sending.quiet_hours import next_allowed, seconds_until_close
from survey_app.clock import LONDON


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-01-15T08:00", "2026-01-15T08:00"),
        ("2026-01-15T07:59", "2026-01-15T08:00"),
        ("2026-01-15T19:59", "2026-01-15T19:59"),
        ("2026-01-15T20:00", "2026-01-16T08:00"),
        ("2026-07-15T07:00", "2026-07-15T07:00"),
        ("2026-07-15T19:00", "2026-07-16T07:00"),
        ("2026-03-28T21:00", "2026-03-29T07:00"),  # the clocks go forward in the night
        ("2026-10-24T20:00", "2026-10-25T08:00"),  # and back
        ("2026-10-25T01:30", "2026-10-25T08:00"),
    ],
)
def test_texts_nobody_asked_for_wait_for_the_morning_of_the_wall_clock(at, allowed):
    assert next_allowed(utc(at)) == utc(allowed)


@settings(max_examples=100)
@given(st.integers(0, 2 * 366 * 24 * 60))
def test_what_is_allowed_is_within_hours_never_earlier_and_stays_so(minutes):
    at = utc("2026-01-01T00:00") + dt.timedelta(minutes=minutes)
    allowed = next_allowed(at)
    assert allowed >= at
    assert dt.time(8) <= allowed.astimezone(LONDON).time() < dt.time(20)
    assert next_allowed(allowed) == allowed
    assert next_allowed(allowed + dt.timedelta(seconds=seconds_until_close(allowed) + 1)) > allowed

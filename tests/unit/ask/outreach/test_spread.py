from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.outreach.spread import open_minutes, spread
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.clock import LONDON, day_starts_at

MONDAY = dt.date(2026, 11, 2)
WEEK = dt.timedelta(days=7)


def week_minutes(monday=MONDAY):
    return open_minutes(day_starts_at(monday), day_starts_at(monday + WEEK))


def test_a_week_has_seven_days_of_twelve_open_hours():
    minutes = week_minutes()
    assert len(minutes) == 7 * 12 * 60
    assert minutes[0].astimezone(LONDON).isoformat() == "2026-11-02T08:00:00+00:00"
    assert minutes[-1].astimezone(LONDON).isoformat() == "2026-11-08T19:59:00+00:00"


def test_weeks_in_which_the_clocks_change_keep_local_hours():
    for monday in (dt.date(2026, 3, 23), dt.date(2026, 10, 19)):
        minutes = week_minutes(monday)
        assert len(minutes) == 7 * 12 * 60
        assert {minute.astimezone(LONDON).hour for minute in minutes} == set(range(8, 20))


def test_nothing_is_open_between_the_evening_and_midnight():
    evening = dt.datetime(2026, 11, 8, 20, tzinfo=LONDON)
    assert open_minutes(evening, day_starts_at(MONDAY + WEEK)) == []


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6000))
def test_people_are_spread_evenly_in_order_and_outside_quiet_hours(n):
    minutes = week_minutes()
    chosen = spread(n, minutes)
    assert len(chosen) == n
    assert chosen == sorted(chosen)
    assert all(next_allowed(at) == at for at in chosen)
    days = [sum(at.astimezone(LONDON).weekday() == day for at in chosen) for day in range(7)]
    assert max(days) - min(days) <= 1


def test_nobody_needs_no_minutes():
    assert spread(0, []) == []

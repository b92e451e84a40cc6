"""Local days and weeks are London's, whatever the clocks do."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.clock import day_starts_at, london_day, utc_now, week_of


def test_the_present_instant_knows_its_zone():
    assert utc_now().utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), dt.date(2026, 7, 2)),
        (dt.datetime(2026, 12, 1, 23, 30, tzinfo=dt.UTC), dt.date(2026, 12, 1)),
        (dt.datetime(2026, 7, 2, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=9))), dt.date(2026, 7, 1)),
    ],
)
def test_a_day_is_the_date_in_london(at, day):
    assert london_day(at) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25), (dt.date(2026, 6, 1), 24)]
)
def test_days_on_which_the_clocks_change_have_23_and_25_hours(day, hours):
    length = day_starts_at(day + dt.timedelta(days=1)) - day_starts_at(day)
    assert length == dt.timedelta(hours=hours)
    assert london_day(day_starts_at(day)) == day


def test_weeks_start_on_monday_also_over_the_new_year():
    assert week_of(dt.date(2026, 11, 22)) == dt.date(2026, 11, 16)
    assert week_of(dt.date(2027, 1, 1)) == dt.date(2026, 12, 28)
    assert week_of(dt.date(2026, 11, 23)) == dt.date(2026, 11, 23)

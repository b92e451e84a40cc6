"""Weeks, bins and quarters."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.know.aggregation.periods import WEEK, bin_of, next_quarter, quarter_start

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2045, 12, 31))
LENGTHS = st.sampled_from([1, 2, 4, 13])


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (dt.date(2026, 1, 1), dt.date(2025, 12, 29)),
        (dt.date(2026, 3, 29), dt.date(2025, 12, 29)),
        (dt.date(2026, 3, 30), dt.date(2026, 3, 30)),
        (dt.date(2026, 6, 29), dt.date(2026, 6, 29)),
        (dt.date(2026, 9, 28), dt.date(2026, 9, 28)),
        (dt.date(2027, 1, 3), dt.date(2026, 9, 28)),
        (dt.date(2027, 1, 4), dt.date(2027, 1, 4)),
    ],
)
def test_quarters_start_in_weeks_1_14_27_and_40_and_week_53_belongs_to_the_last(day, start):
    assert quarter_start(day) == start


def test_the_quarter_after_one_with_week_53_starts_fourteen_weeks_later():
    assert next_quarter(dt.date(2026, 9, 28)) == dt.date(2027, 1, 4)
    assert next_quarter(dt.date(2025, 9, 29)) == dt.date(2025, 12, 29)


def test_the_last_bin_of_a_quarter_takes_the_remainder():
    last_of_two_weeks = bin_of(dt.date(2026, 3, 28), 2)
    assert (last_of_two_weeks.start, last_of_two_weeks.end) == (dt.date(2026, 3, 9), dt.date(2026, 3, 29))
    last_of_four_weeks = bin_of(dt.date(2027, 1, 3), 4)
    assert (last_of_four_weeks.start, last_of_four_weeks.end) == (dt.date(2026, 11, 23), dt.date(2027, 1, 3))
    whole_quarter = bin_of(dt.date(2026, 12, 1), 13)
    assert (whole_quarter.start, whole_quarter.end) == (dt.date(2026, 9, 28), dt.date(2027, 1, 3))


@settings(max_examples=100, deadline=None)
@given(DAYS, LENGTHS)
def test_a_bin_holds_its_day_in_whole_weeks_of_one_quarter(day, weeks):
    found = bin_of(day, weeks)
    assert found.start <= day <= found.end
    assert (found.start.weekday(), found.end.weekday()) == (0, 6)
    assert quarter_start(found.start) == quarter_start(found.end)
    assert (found.end - found.start).days + 1 >= weeks * 7


@settings(max_examples=100, deadline=None)
@given(DAYS, LENGTHS)
def test_bins_follow_each_other_without_gap_or_overlap(day, weeks):
    found = bin_of(day, weeks)
    assert bin_of(found.start, weeks) == bin_of(found.end, weeks) == found
    assert bin_of(found.end + dt.timedelta(days=1), weeks).start == found.end + dt.timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(DAYS)
def test_the_next_quarter_starts_right_after_this_one(day):
    start = quarter_start(day)
    following = next_quarter(start)
    assert quarter_start(following) == following
    assert quarter_start(following - dt.timedelta(days=1)) == start
    assert (following - start) // WEEK in {13, 14}

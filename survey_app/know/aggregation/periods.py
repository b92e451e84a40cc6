"""Weeks, bins and quarters: ISO weeks in Europe/London, quarters from weeks 1, 14, 27 and 40."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from survey_app.clock import week_of

WEEK = dt.timedelta(weeks=1)
QUARTER_WEEKS = (1, 14, 27, 40)


@dataclass(frozen=True, slots=True, order=True)
class Bin:
    """One or more whole weeks, first Monday to last Sunday."""

    end: dt.date
    start: dt.date


@lru_cache(maxsize=4096)  # asked for every waiting response at every run
def quarter_start(day: dt.date) -> dt.date:
    """Return the Monday on which the quarter of a day begins.

    Parameters
    ----------
    day : date
        A local date.

    Returns
    -------
    date
        The Monday of ISO week 1, 14, 27 or 40; week 53 belongs to the last quarter.

    Examples
    --------
    >>> quarter_start(dt.date(2026, 12, 31))
    datetime.date(2026, 9, 28)
    """
    year, week, _ = day.isocalendar()
    first = max(start for start in QUARTER_WEEKS if start <= week)
    return dt.date.fromisocalendar(year, first, 1)


def next_quarter(start: dt.date) -> dt.date:
    """Return the Monday on which the next quarter begins.

    Parameters
    ----------
    start : date
        The Monday on which this one begins.

    Returns
    -------
    date
        13 weeks later, or 14 where the year has a week 53.
    """
    return (
        quarter_start(start + 14 * WEEK) if quarter_start(start + 13 * WEEK) == start else start + 13 * WEEK
    )


def bin_of(day: dt.date, weeks: int) -> Bin:
    """Return the bin of a day where bins have `weeks` weeks.

    Parameters
    ----------
    day : date
        A local date.
    weeks : int
        1, 2, 4 or 13; bins start with the quarter and its last bin takes the remainder.

    Returns
    -------
    Bin
        First Monday and last Sunday.
    """
    start = quarter_start(day)
    end = next_quarter(start)
    n_bins = max(1, (end - start) // WEEK // weeks)
    index = min((week_of(day) - start) // WEEK // weeks, n_bins - 1)
    last = end if index == n_bins - 1 else start + (index + 1) * weeks * WEEK
    return Bin(start=start + index * weeks * WEEK, end=last - dt.timedelta(days=1))

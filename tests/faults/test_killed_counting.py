"""Counting, in a process of its own, is killed before every statement and commit; then it is run again."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.jobs.counting import catch_up, top_up
from tests.faults.busy_weeks import DAY, NEXT_QUARTER
from tests.faults.ground import Sweep

LATER = dt.timedelta(minutes=5)


@pytest.fixture
def restart(world, clock):
    """Do what a clock process does when it starts: catch up, then look for answers."""

    def start(at: dt.datetime) -> None:
        clock.set(at)
        catch_up(world.runtime)
        top_up(world.runtime)

    return start


@pytest.fixture
def sweep(world, clock, ground, nursery, restart):
    def sweep(job, *, every=1, **more):
        ground.save()
        soon, a_week_later = clock() + LATER, clock() + 7 * DAY
        run = {"url": ground.url, "job": job, "at": clock().isoformat(), **more}
        recoveries = {"a restart": lambda: restart(soon)}
        if ground.database.is_sqlite:  # the same rule on PostgreSQL would only cost time
            recoveries["nights later"] = lambda: restart(a_week_later)
        return Sweep(ground, nursery, run, recoveries, every).go()

    return sweep


def test_a_top_up_killed_anywhere_is_put_right_by_a_restart_and_by_later_nights(world, clock, ground, sweep):
    world.until_wednesday(clock)
    outcome = sweep("top_up", every=1 if ground.database.is_sqlite else 3)
    assert outcome.n_statements > 30
    assert outcome.wrong_at == {}
    assert len(outcome.wrong_in) >= 2  # untouched; counted, but with the old series


def test_a_night_that_ends_a_quarter_killed_anywhere_is_put_right(world, clock, ground, sweep):
    world.until_the_quarter_ends(clock, last_night=NEXT_QUARTER - DAY)
    outcome = sweep("nightly", every=1 if ground.database.is_sqlite else 7, day=NEXT_QUARTER.isoformat())
    assert outcome.wrong_at == {}
    assert len(outcome.wrong_in) >= 4  # also: the quarter judged, its figures computed


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_catching_up_three_nights_killed_anywhere_is_put_right(world, clock, sweep):
    world.until_the_quarter_ends(clock, last_night=NEXT_QUARTER - 3 * DAY)
    outcome = sweep("catch_up", every=12)
    assert outcome.wrong_at == {}
    assert len(outcome.wrong_in) >= 4


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_sweep_notices_a_top_up_that_commits_after_each_statement(world, clock, sweep):
    world.until_wednesday(clock)
    outcome = sweep("top_up", every=8, piecemeal=True)
    assert len(outcome.wrong_at) > outcome.n_killed / 4
    assert len(outcome.wrong_at) < outcome.n_killed

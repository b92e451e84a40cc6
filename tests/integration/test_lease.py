"""The clock's lease: one clock at a time, and a slept-over one can commit nothing."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from survey_app.jobs.counting import nightly
from survey_app.jobs.lease import LASTS, Fence, LostLease, give_back, queue_up, take
from tests.fakes import MONDAY_MORNING
from tests.worlds import MONDAY, World

LATER = MONDAY_MORNING + LASTS + dt.timedelta(seconds=1)


def test_only_one_of_two_clocks_holds_the_lease(database):
    assert take(database, "one", MONDAY_MORNING) == Fence("one", 1)
    assert take(database, "two", MONDAY_MORNING + LASTS / 2) is None


def test_its_holder_renews_the_lease_under_the_same_token(database):
    first = take(database, "one", MONDAY_MORNING)
    assert take(database, "one", MONDAY_MORNING + LASTS / 2) == first
    assert take(database, "two", LATER) is None


def test_a_lease_that_ran_out_is_taken_under_the_next_token(database):
    take(database, "one", MONDAY_MORNING)
    assert take(database, "two", LATER) == Fence("two", 2)


def test_a_lease_given_back_is_free_at_once(database):
    give_back(database, take(database, "one", MONDAY_MORNING), MONDAY_MORNING)
    assert take(database, "two", MONDAY_MORNING) == Fence("two", 2)


def test_who_lost_the_lease_cannot_give_it_back_for_another(database):
    stale = take(database, "one", MONDAY_MORNING)
    take(database, "two", LATER)
    give_back(database, stale, LATER)
    assert take(database, "three", LATER) is None


def test_of_eight_clocks_starting_together_one_wins(database):
    with ThreadPoolExecutor(8) as threads:
        fences = list(threads.map(lambda n: take(database, f"clock {n}", MONDAY_MORNING), range(8)))
    assert len([fence for fence in fences if fence]) == 1


def test_a_stale_fence_is_refused(database):
    stale = take(database, "one", MONDAY_MORNING)
    fresh = take(database, "two", LATER)
    with pytest.raises(LostLease), database.writing() as session:
        queue_up(session, stale)
    with database.writing() as session:
        queue_up(session, fresh)


def test_a_clock_that_slept_counts_nothing(runtime, clock):
    world = World(runtime).build("riverside")
    world.crowd(25, MONDAY)
    stale = take(runtime.database, "one", MONDAY_MORNING)
    take(runtime.database, "two", LATER)
    clock.advance(days=7)
    with pytest.raises(LostLease):
        nightly(runtime, MONDAY + dt.timedelta(days=7), stale)
    assert world.blocks() == []
    assert nightly(runtime, MONDAY + dt.timedelta(days=7)) == 2


def test_a_command_beside_the_clock_counts_everyone_once(runtime, clock):
    world = World(runtime).build("riverside")
    world.crowd(45, MONDAY)
    fence = take(runtime.database, "one", MONDAY_MORNING)
    clock.advance(days=7)
    with ThreadPoolExecutor(4) as threads:
        runs = [
            threads.submit(nightly, runtime, MONDAY + dt.timedelta(days=7), held)
            for held in (fence, None, None, fence)
        ]
        n_closed = sum(run.result() for run in runs)
    assert n_closed == 4
    assert sum(len(members) for members in world.members()) == 45


def test_a_lease_written_by_a_wrong_clock_does_not_stop_the_right_one(database, clock):
    wrong = take(database, "wrong", clock() + dt.timedelta(hours=9))
    right = take(database, "right", clock())
    assert right is not None
    assert right.token > wrong.token

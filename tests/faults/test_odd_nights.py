"""Nights that are odd: two of a year change the clocks, some are missed, one year has a week 53."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.clock import LONDON, london_day
from survey_app.jobs.counting import TooEarly, catch_up, nightly, top_up
from survey_app.jobs.outgoing import dispatcher
from survey_app.jobs.schedule import schedule
from survey_app.jobs.tables import JobRun
from survey_app.know.aggregation.grouping import set_bin
from tests.faults.ledgers import counted, differences
from tests.worlds import MONDAY, World, london

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
WEEK_53 = dt.date(2026, 12, 28)


@pytest.fixture
def world(runtime) -> World:
    return World(runtime).build("riverside", "hillside", "lakeside")


@pytest.fixture
def at(runtime, clock):
    """Run a job of the clock process at an instant."""

    def at(moment: dt.datetime, job=catch_up):
        clock.set(moment)
        return job(runtime)

    return at


def run_dates(world) -> list[dt.date]:
    with world.runtime.database.reading() as session:
        return list(session.scalars(sa.select(JobRun.business_date).order_by(JobRun.business_date)))


@pytest.mark.parametrize("sunday", [SPRING, AUTUMN])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_nightly_run_has_one_time_on_every_local_date(runtime, sunday):
    (night,) = [job for job in schedule(runtime, dispatcher(runtime)) if job.name == "nightly"]
    moment, dates = london(sunday - 2 * DAY), []
    while len(dates) < 4:
        fired = night.trigger.get_next_fire_time(None, moment)
        dates.append(fired.astimezone(LONDON).date())
        moment = fired + dt.timedelta(seconds=1)
    assert dates == [sunday - DAY, sunday, sunday + DAY, sunday + 2 * DAY]


@pytest.mark.parametrize("sunday", [SPRING, AUTUMN])
def test_when_the_clocks_change_each_hour_belongs_to_its_own_week_and_each_date_runs_once(world, at, sunday):
    at(london(sunday - DAY, 3, 10))
    utc_hours = [dt.datetime.combine(sunday, dt.time(hour, 30), tzinfo=dt.UTC) for hour in range(4)]
    local = [dt.datetime.combine(sunday, dt.time(0, 30), tzinfo=LONDON).astimezone(dt.UTC), *utc_hours]
    for number, moment in enumerate(local):
        for second in range(3):
            world.answer(f"{number}-{second}", moment + dt.timedelta(seconds=second))
    world.crowd(11, sunday + DAY, hour=0)
    n_on_sunday = 3 * sum(london_day(moment) == sunday for moment in local)
    for moment in (*local, london(sunday, 3, 10), london(sunday, 23)):
        at(moment)
        at(moment, top_up)
    for hour in (0, 1, 3):
        at(london(sunday + DAY, hour, 40))
    at(london(sunday + DAY + WEEK, 3, 10))
    assert run_dates(world) == [sunday + n * DAY for n in range(-1, 9)]
    assert n_on_sunday == 15
    assert [(row[0], row[1], row[3]) for row in world.figures()] == [
        (sunday - 6 * DAY, 15, False),
        (sunday + DAY, 11, False),
    ]


def test_week_53_is_one_week_across_the_year(world, at):
    at(london(WEEK_53, 3, 10))
    for day in range(7):
        world.crowd(3, WEEK_53 + day * DAY)
    world.crowd(12, WEEK_53 + WEEK)
    at(london(dt.date(2027, 1, 1), 3, 10))
    at(london(WEEK_53 + WEEK, 3, 10))
    at(london(WEEK_53 + 2 * WEEK, 3, 10))
    starts = [(row[0], row[1]) for row in world.figures()]
    assert starts == [(WEEK_53, 21), (dt.date(2027, 1, 4), 12)]
    assert [(row[0], row[1]) for row in world.figures("system")] == starts


@pytest.mark.parametrize(
    ("weeks", "first_of_last_bin"),
    [(2, dt.date(2026, 12, 21)), (4, dt.date(2026, 11, 23)), (13, dt.date(2026, 9, 28))],
)
def test_the_last_bin_of_a_quarter_of_14_weeks_ends_with_week_53(world, at, weeks, first_of_last_bin):
    with world.runtime.database.writing() as session:
        set_bin(session, unit_id="riverside", weeks=weeks, from_day=WEEK_53)
    at(london(first_of_last_bin, 3, 10))
    world.crowd(5, first_of_last_bin)
    world.crowd(6, WEEK_53 + 6 * DAY)
    at(london(WEEK_53 + 6 * DAY, 23))
    assert world.figures() == []
    at(london(WEEK_53 + WEEK, 3, 10))
    assert [(row[0], row[1]) for row in world.figures()] == [(first_of_last_bin, 11)]
    assert [(row[0], row[1]) for row in world.figures("system")] == [(WEEK_53, 11)]


def fortnight(world) -> None:
    """Let people answer over two weeks; who answers in the future is not settled before."""
    for day in range(14):
        world.crowd(3 + day % 5, MONDAY + day * DAY, hour=9)
        world.crowd(1, MONDAY + day * DAY, "lakeside", hour=17, ex_life=3)
        world.crowd(6, MONDAY + day * DAY, "hillside", hour=23)
    # Enough for a block early in the second week, which must first take up those the first left over.
    world.crowd(25, MONDAY + WEEK, "lakeside", hour=8)


def live_through(at, *, missed=(), top_ups=(), until=16) -> None:
    """Be the clock process: top-ups at some hours of each day, a night at 03:10 unless it is missed."""
    for day in (MONDAY + n * DAY for n in range(until)):
        for hour in sorted({*top_ups, 3}):
            if hour != 3:
                at(london(day, hour, 5), top_up)
            elif (day - MONDAY).days not in missed:
                at(london(day, 3, 10))


@pytest.mark.parametrize("top_ups", [(2, 10, 18), (4,)], ids=str)
@pytest.mark.parametrize("missed", [(), (7,), (5, 6, 7, 8, 14)], ids=str)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_missed_nights_and_live_top_ups_change_nothing(world, at, ground, missed, top_ups):
    fortnight(world)
    ground.save()
    live_through(at)
    nightly_only = counted(ground.database)
    ground.restore()
    live_through(at, missed=missed, top_ups=top_ups)
    assert differences(counted(ground.database), nightly_only) == {}
    assert run_dates(world) == [MONDAY + n * DAY for n in range(16)]


def test_three_missed_nights_and_top_ups_change_nothing_on_either_engine(world, at, ground):
    fortnight(world)
    ground.save()
    live_through(at)
    nightly_only = counted(ground.database)
    ground.restore()
    live_through(at, missed=(6, 7, 8), top_ups=(2, 18))
    assert differences(counted(ground.database), nightly_only) == {}


def test_a_clock_that_jumps_back_two_hours_counts_everybody_once(world, at, ground):
    fortnight(world)
    ground.save()
    live_through(at)
    wanted = counted(ground.database)
    ground.restore()
    live_through(at, until=7)
    monday = MONDAY + WEEK
    for hour, minute in ((3, 10), (1, 10), (1, 40), (3, 5), (3, 15)):
        at(london(monday, hour, minute))
        at(london(monday, hour, minute), top_up)
    live_through(at)
    assert differences(counted(ground.database), wanted) == {}


def test_a_clock_that_jumps_back_over_midnight_opens_no_ended_week_again(world, at, clock, runtime):
    at(london(MONDAY, 3, 10))
    world.crowd(12, MONDAY)
    monday = MONDAY + WEEK
    at(london(monday, 0, 30))
    before = world.blocks(), world.figures()
    clock.set(london(monday - DAY, 22, 30))
    world.crowd(13, monday - DAY, hour=22)
    clock.set(london(monday - DAY, 22, 50))
    assert at(clock(), catch_up) == []
    at(clock(), top_up)
    with pytest.raises(TooEarly):
        nightly(runtime, monday)
    assert (world.blocks(), world.figures()) == before
    at(london(monday, 3, 10))
    at(london(monday + WEEK, 3, 10))
    assert [(row[0], row[1], row[3]) for row in world.figures()] == [(MONDAY, 12, False), (monday, 13, True)]
    assert run_dates(world) == [MONDAY + n * DAY for n in range(15)]

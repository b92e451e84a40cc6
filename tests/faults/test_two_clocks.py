"""Several clock processes at once, and one that slept: everybody counted once, nothing written too late."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from survey_app.clock import utc_now
from survey_app.database import Database
from survey_app.jobs.counting import catch_up, nightly, top_up
from survey_app.jobs.lease import LASTS, LostLease, take
from survey_app.jobs.outgoing import round_of_invitations
from survey_app.jobs.tables import Lease
from survey_app.know.aggregation.tables import BlockMember, Pooled
from tests.factories import make_campaign, make_participant, make_place
from tests.faults.busy_weeks import DAY, NEXT_QUARTER, WEDNESDAY
from tests.faults.counting_nursery import EACH, Watch
from tests.faults.ledgers import counted, differences, fingerprint
from tests.worlds import london

SPEED = 1000
SECONDS = 1.5
HOLDERS = ("one", "two", "three")


def racers(ground, at, **more):
    began = utc_now().isoformat()
    run = {"url": ground.url, "at": at.isoformat(), "began": began, "speed": SPEED, "seconds": SECONDS}
    return [run | {"job": "race", "holder": holder} | more for holder in HOLDERS]


def test_three_clocks_that_take_the_lease_from_each_other_count_everybody_once(world, clock, ground, nursery):
    world.until_the_quarter_ends(clock, last_night=NEXT_QUARTER - 3 * DAY)
    ground.save()
    catch_up(world.runtime)
    top_up(world.runtime)
    wanted = counted(ground.database)
    ground.restore()
    ended = nursery.ask(*racers(ground, clock()))
    assert [one["ended"] for one in ended] == ["finished"] * len(HOLDERS), ended
    assert differences(counted(ground.database), wanted) == {}
    with ground.database.reading() as session:
        assert session.scalar(sa.select(Lease.token)) >= 5  # it went to and fro


def test_answers_that_arrive_while_clocks_race_are_each_in_one_block_or_wait(world, clock, ground, nursery):
    world.until_wednesday(clock)
    runs = racers(ground, clock())
    nursery.tell(*runs)
    for number in range(60):
        world.answer(f"late-{number}", london(WEDNESDAY, 17, number), "hillside")
        time.sleep(0.01)
    ended = nursery.hear()
    assert [one["ended"] for one in ended] == ["finished"] * len(HOLDERS), ended
    top_up(world.runtime)
    with ground.database.reading() as session:
        members = set(session.scalars(sa.select(BlockMember.response_id)))
        pooled = set(session.scalars(sa.select(Pooled.response_id)))
        settled = set(session.scalars(sa.text("SELECT id FROM response WHERE settled_at IS NOT NULL")))
    assert members | pooled == settled
    assert members & pooled == set()
    assert len([one for one in counted(ground.database)["block"] if '"hillside"' in one]) >= 5


def test_a_clock_process_stopped_for_a_while_cannot_write_when_it_goes_on(world, clock, ground, nursery):
    world.until_the_quarter_ends(clock, last_night=NEXT_QUARTER - DAY)
    fence = take(ground.database, "one", clock())
    run = {
        "url": ground.url,
        "job": "catch_up",
        "at": clock().isoformat(),
        "fence": [fence.holder, fence.token],
    }
    (asleep,) = nursery.ask(run | {"cut_at": 1, "sleeps": True})
    assert asleep["ended"] == "asleep"
    assert take(ground.database, "two", clock() + 2 * LASTS)
    before = fingerprint(ground.database)
    (woken,) = nursery.ask({"url": ground.url, "wake": asleep["child"]})
    assert woken["ended"] == "LostLease"
    assert fingerprint(ground.database) == before


@pytest.fixture
def campaign(world):
    with world.runtime.database.writing() as session:
        place = make_place(session, "meadow")
        make_campaign(session, places=[place])
        for _ in range(3):
            make_participant(session, world.runtime.keys, place=place)


JOBS = {
    "top_up": top_up,
    "nightly": lambda runtime, fence: nightly(runtime, NEXT_QUARTER, fence),
    "catch_up": catch_up,
}


@pytest.mark.parametrize("job", [*JOBS.values(), round_of_invitations], ids=[*JOBS, "invitations"])
def test_a_clock_that_lost_its_lease_before_a_job_writes_nothing(world, clock, ground, campaign, job):
    world.until_wednesday(clock)
    stale = take(ground.database, "one", clock())
    clock.set(london(NEXT_QUARTER, 3, 10))
    take(ground.database, "two", clock())
    before = fingerprint(ground.database)
    with pytest.raises(LostLease):
        job(world.runtime, stale)
    assert fingerprint(ground.database) == before


@pytest.mark.parametrize("job", ["top_up", "catch_up"])
def test_a_clock_that_lost_its_lease_between_two_statements_writes_nothing_more(world, clock, ground, job):
    if job == "top_up":
        world.until_wednesday(clock)
    else:
        world.until_the_quarter_ends(clock, last_night=NEXT_QUARTER - DAY)
    ground.save()
    moments = moments_outside_of_writing(world.runtime, JOBS[job])
    ground.restore()
    refused = [
        loses_the_lease_at(moment, world.runtime, JOBS[job], ground)
        for moment in moments[:: 3 if ground.database.is_sqlite else 9]
    ]
    assert any(refused)


def moments_outside_of_writing(runtime, job):
    """Return the numbers of the statements before which somebody else could take the lease."""
    is_writing = []

    def note(connection):
        is_writing.append("write" in connection.get_execution_options())

    fence = take(runtime.database, "one", runtime.clock())
    with Watch(runtime.database.engine, EACH, note):
        job(runtime, fence)
    return [number for number, writing in enumerate(is_writing, start=1) if not writing]


def loses_the_lease_at(moment, runtime, job, ground):
    """Run a job until another process becomes the clock; it writes nothing more. Return if it was refused."""
    other, before = Database(ground.url), []

    def lose(_):
        assert take(other, "two", runtime.clock() + 2 * LASTS)
        before.append(fingerprint(other))

    fence = take(runtime.database, "one", runtime.clock())
    with Watch(ground.database.engine, moment, lose):
        try:
            job(runtime, fence)
            refused = False
        except LostLease:
            refused = True
    assert [fingerprint(other)] == before
    other.dispose()
    ground.restore()
    return refused

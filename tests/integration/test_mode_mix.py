"""How people answered is counted, waits, is forgotten and is shown like the answers to one more item."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Helped
from survey_app.hear.responses.tables import Channel
from survey_app.jobs.counting import changed_blocks, nightly
from survey_app.jobs.erasing import erase_person
from survey_app.know.disclosure.tables import Figure
from survey_app.know.evidence.keeping import save
from survey_app.know.evidence.series import Gap
from survey_app.know.evidence.store import stored
from survey_app.know.improvement.marks import MarkKind
from survey_app.know.measures.helped import HELPED
from survey_app.know.measures.measures import MeasureKind
from survey_app.know.measures.modes import MODE
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import enter, settle
from tests.unit.show.charts.example import example
from tests.worlds import MONDAY, World, london

WEEK = dt.timedelta(weeks=1)
WEB, TEXT = Channel.WEB, Channel.SMS


@pytest.fixture
def world(runtime) -> World:
    return World(runtime).build("riverside", "hillside")


@pytest.fixture
def night(runtime, clock):
    def run(weeks: int) -> None:
        clock.set(london(MONDAY + weeks * WEEK, 3, 10))
        nightly(runtime, MONDAY + weeks * WEEK)

    return run


def series(world, measure, place="riverside"):
    with world.runtime.database.reading() as session:
        return stored(session, measure, place)


@ON_SQLITE
def test_the_mode_is_counted_beside_the_items_and_at_the_parents_and_a_shift_is_marked(world, night):
    world.crowd(12, MONDAY, channel=WEB)
    world.crowd(4, MONDAY, hour=13, channel=TEXT)
    world.crowd(11, MONDAY, "hillside", channel=TEXT)
    world.crowd(2, MONDAY, "hillside", hour=13, channel=WEB)
    night(1)
    assert [row[2] for row in world.figures(item=MODE)] == [{"1": 12, "2": 4}]
    assert [row[2] for row in world.figures("system", MODE)] == [{"1": 14, "2": 15}]
    (point,) = series(world, "pulse-user-6.by_sms").points
    assert (point.value, point.n) == (25.0, 16)
    world.crowd(1, MONDAY + WEEK, channel=WEB)
    world.crowd(17, MONDAY + WEEK, hour=13, channel=TEXT)
    night(2)
    (mark,) = series(world, "ex.life.mean").marks
    assert (mark.day, mark.kind) == (MONDAY + WEEK, MarkKind.MODE_SHIFT)
    assert series(world, "pulse-user-6.by_sms").marks == series(world, "pulse-user-6.replies").marks == ()
    assert series(world, "ex.life.mean", "hillside").marks == ()


@ON_SQLITE
def test_people_who_all_answered_one_way_wait_and_who_is_erased_meanwhile_is_not_counted(
    world, night, runtime
):
    world.crowd(15, MONDAY, channel=WEB)
    with runtime.database.writing() as session:
        world.answer_in(session, "leaver", london(MONDAY, 13), channel=WEB)
    night(1)
    assert world.figures(item=MODE) == []
    assert len([item for _, item in world.waiting() if item == MODE]) == 16
    assert [type(point) for point in series(world, "pulse-user-6.by_sms").points] == [Gap]
    erase_person(runtime, b"leaver".ljust(32, b"."))
    world.crowd(10, MONDAY + WEEK, channel=TEXT)
    night(2)
    assert [row[2] for row in world.figures(item=MODE)] == [{"1": 15, "2": 10}]
    assert world.waiting() == []
    with runtime.database.reading() as session:
        assert changed_blocks(session) == []


@ON_SQLITE
def test_who_filled_it_in_is_counted_alike_and_silence_is_no_help(world, night, runtime):
    def answers(n, helped):
        with runtime.database.writing() as session:
            for second in range(n):
                at = london(MONDAY, 12, second)
                world.answer_in(session, f"{helped}-{second}", at, helped=helped)

    answers(9, None)
    answers(3, Helped.WITH_HELP)
    answers(2, Helped.ON_BEHALF)
    answers(1, Helped.MYSELF)
    night(1)
    assert [row[2] for row in world.figures(item=HELPED)] == [{"1": 10, "2": 5}]
    (point,) = series(world, "pulse-user-6.with_help").points
    assert (round(point.value, 2), point.n) == (33.33, 15)


@ON_SQLITE
def test_weeks_before_it_was_counted_are_left_out_and_no_gap(world, night, runtime):
    world.crowd(12, MONDAY)
    night(1)
    with runtime.database.writing() as session:
        session.execute(sa.delete(Figure).where(Figure.item_id == HELPED))
    world.crowd(12, MONDAY + WEEK)
    night(2)
    (point,) = series(world, "pulse-user-6.with_help").points
    assert (point.start, point.n) == (MONDAY + WEEK, 12)


@ON_SQLITE
@pytest.mark.parametrize("kind", MeasureKind)
def test_the_page_of_every_kind_of_measure_says_how_it_was_made(runtime, app, kind):
    settle(runtime, "east@example.org")
    measure = next(one for one in runtime.measures.all() if one.kind is kind)
    with runtime.database.writing() as session:
        save(session, [example(measure=measure.id)], now=runtime.clock())
    assert (
        enter(app, "east@example.org")[0].get(f"/dashboard/series/{measure.id}/riverside").status_code == 200
    )

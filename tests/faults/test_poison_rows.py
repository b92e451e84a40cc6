"""Rows that the intake would never write: they are set aside with a reason, and everybody else is counted."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
import sqlalchemy as sa

from survey_app.jobs.counting import catch_up, top_up
from survey_app.know.aggregation.tables import BlockMember, Pooled
from tests.faults.ledgers import fingerprint
from tests.worlds import MONDAY, World, london

NEXT_WEEK = MONDAY + dt.timedelta(days=7)
POISON = {
    "an unknown code": ("UPDATE answer SET code = 77 WHERE item_id = 'ex.life' AND response_id = 3", [3], 1),
    "one of an unknown version": ("UPDATE response SET instrument_version = 9 WHERE id = 3", [], 1),
    "many of an unknown version": ("UPDATE response SET instrument_version = 9 WHERE id <= 12", [], 12),
    "an unknown instrument": ("UPDATE response SET instrument_id = 'gone' WHERE id <= 12", [], 12),
    "an unknown item": ("UPDATE answer SET item_id = 'ex.gone' WHERE item_id = 'ex.life'", [], 0),
}


@pytest.fixture
def world(runtime) -> World:
    world = World(runtime).build("riverside", "hillside")
    world.crowd(34, MONDAY)
    world.crowd(34, MONDAY, "hillside")
    return world


def spoil(world, statement):
    with world.runtime.database.writing() as session:
        session.execute(sa.text(statement))


def set_aside(world) -> list[int]:
    """Return the responses that are settled, in no block, and wait for none."""
    with world.runtime.database.reading() as session:
        kept = {
            *session.scalars(sa.select(BlockMember.response_id)),
            *session.scalars(sa.select(Pooled.response_id)),
        }
        settled = session.scalars(sa.text("SELECT id FROM response WHERE settled_at IS NOT NULL ORDER BY id"))
        return [response_id for response_id in settled if response_id not in kept]


@pytest.mark.parametrize("kind", POISON)
@pytest.mark.parametrize("live_first", [True, False], ids=["live", "night"])
def test_a_broken_row_stops_nobody_elses_counting(world, clock, caplog, kind, live_first):
    statement, broken, n_odd = POISON[kind]
    spoil(world, statement)
    with caplog.at_level(logging.ERROR):
        if live_first:
            clock.set(london(MONDAY, 18))
            top_up(world.runtime)
        clock.set(london(NEXT_WEEK, 3, 10))
        catch_up(world.runtime)
        state = fingerprint(world.runtime.database)
        catch_up(world.runtime)
    assert fingerprint(world.runtime.database) == state
    assert set_aside(world) == broken
    assert len([record for record in caplog.records if "set aside" in record.message]) == len(broken)
    assert [row[1] for row in world.figures("hillside")] == [34]
    assert [row[1] for row in world.figures("riverside")] == [34 - n_odd]


def test_answers_to_an_instrument_that_is_missing_for_a_while_wait_for_it(world, clock):
    spoil(world, "UPDATE response SET instrument_id = 'gone' WHERE id <= 12")
    clock.set(london(NEXT_WEEK, 3, 10))
    catch_up(world.runtime)
    spoil(world, "UPDATE response SET instrument_id = 'pulse-user-6'")
    spoil(world, "UPDATE pooled SET instrument_id = 'pulse-user-6'")
    clock.set(london(NEXT_WEEK + dt.timedelta(days=7), 3, 10))
    catch_up(world.runtime)
    assert [row[1] for row in world.figures("riverside")] == [22, 12]


def test_a_row_that_breaks_while_it_waits_is_set_aside_too(world, clock, caplog):
    clock.set(london(MONDAY, 18))
    top_up(world.runtime)
    spoil(world, "UPDATE answer SET code = 77 WHERE item_id = 'ex.life' AND response_id = 34")
    clock.set(london(NEXT_WEEK, 3, 10))
    catch_up(world.runtime)
    assert set_aside(world) == [34]
    assert [row[1] for row in world.figures("riverside")] == [33]


def test_where_nothing_is_broken_nothing_is_set_aside(world, clock, caplog):
    clock.set(london(NEXT_WEEK, 3, 10))
    catch_up(world.runtime)
    assert set_aside(world) == []
    assert caplog.records == []

"""The clock process goes on whatever one of its jobs meets: who runs beside it must not end with it."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
import sqlalchemy as sa

from survey_app.jobs import clockwork
from survey_app.jobs.counting import ChangedBlocks, catch_up, nightly
from survey_app.jobs.lease import is_held
from survey_app.know.aggregation.tables import Cell
from tests.worlds import MONDAY, World, london

NEXT_WEEK = MONDAY + dt.timedelta(days=7)


@pytest.fixture
def spoilt(runtime, clock):
    """A world whose night run refuses to go on, because a closed block was changed."""
    World(runtime).build("riverside").crowd(20, MONDAY)
    clock.set(london(NEXT_WEEK, 3, 10))
    nightly(runtime, NEXT_WEEK)
    with runtime.database.writing() as session:
        session.execute(sa.update(Cell).values(n=Cell.n + 1))
    clock.advance(days=1)
    with pytest.raises(ChangedBlocks):
        catch_up(runtime)
    return runtime


def test_the_clock_keeps_its_lease_and_goes_on_when_a_night_run_refuses(spoilt, clock):
    stop = threading.Event()
    process = threading.Thread(target=clockwork.run, args=(spoilt, stop))
    process.start()
    try:
        time.sleep(2)
        assert process.is_alive()
        assert is_held(spoilt.database, clock())
    finally:
        stop.set()
        process.join(20)
    assert not process.is_alive()
    assert not is_held(spoilt.database, clock())  # given back, so that the next may start at once

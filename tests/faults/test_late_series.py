"""Counting and computing are two transactions: where the second fails, the clock makes good for it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from survey_app.jobs.counting import top_up
from survey_app.jobs.lease import take
from survey_app.jobs.outgoing import dispatcher
from survey_app.jobs.schedule import schedule
from survey_app.know.evidence.store import stored
from tests.worlds import MONDAY, World, london


class Away(RuntimeError):
    """The database went away for a moment."""


@contextmanager
def series_cannot_be_stored(engine):
    def fail(_connection, _cursor, statement, *_):
        if "INSERT INTO series" in statement:
            raise Away

    sa.event.listen(engine, "before_cursor_execute", fail)
    yield
    sa.event.remove(engine, "before_cursor_execute", fail)


def test_series_that_could_not_be_stored_are_stored_a_minute_later(runtime, clock):
    world = World(runtime).build("riverside")
    world.crowd(27, MONDAY)
    clock.set(london(MONDAY, 18))
    with series_cannot_be_stored(runtime.database.engine), pytest.raises(Away):
        top_up(runtime)
    assert [row[1] for row in world.figures()] == [10]
    fence = take(runtime.database, "one", clock())
    for job in schedule(runtime, dispatcher(runtime)):
        if job.name in {"top-up", "series"}:
            job.run(fence)
    with runtime.database.reading() as session:
        (point,) = stored(session, "ex.life.mean", "riverside").points
    assert point.n == 10

"""Migrations and tables say the same, on both engines, and are applied all or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from alembic import command

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind
from survey_app.cli import database as migrations
from survey_app.cli.database import drift, pending, upgrade
from survey_app.database import Database
from survey_app.jobs.counting import nightly
from survey_app.know.disclosure.tables import Quarter, QuarterFigure, Told
from tests.worlds import MONDAY, World, london


def tables_of(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def test_a_migrated_database_has_exactly_the_tables_of_the_rooms(database):
    assert drift(database) == []
    assert tables_of(database) == {"alembic_version", *migrations.all_tables().tables}


def test_upgrading_twice_changes_nothing(database):
    before = tables_of(database)
    upgrade(database)
    assert pending(database) == []
    assert tables_of(database) == before


def test_a_missing_column_and_a_stray_table_are_named_by_the_drift_check(database):
    with database.writing() as session:
        session.execute(sa.text("ALTER TABLE staff DROP COLUMN name"))
        session.execute(sa.text("CREATE TABLE stray (id INTEGER PRIMARY KEY)"))
    faults = "\n".join(drift(database))
    assert "stray" in faults
    assert "add_column" in faults


def test_a_database_ahead_of_this_code_is_served(database):
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert pending(database) == []


def test_an_empty_database_lacks_every_migration(tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert pending(empty)[0].startswith("0001")
    empty.dispose()


def test_a_committed_head_that_lags_behind_is_named(database, tmp_path, monkeypatch):
    head = tmp_path / "head"
    head.write_text("0000\n", encoding="utf-8")
    monkeypatch.setattr(migrations, "HEAD_FILE", head)
    assert any(".current-head" in fault for fault in drift(database))


class Killed(RuntimeError):
    """The process dies at one statement."""


@pytest.mark.parametrize("statement", [1, 2, 9, 25, 40])
def test_a_migration_killed_half_way_leaves_nothing_behind(tmp_path, statement):
    database = Database(f"sqlite:///{tmp_path / 'killed.db'}")
    seen: list[str] = []

    def die(_connection, _cursor, text, *_rest) -> None:
        if text.lstrip().upper().startswith("CREATE"):
            seen.append(text)
            if len(seen) == statement:
                raise Killed

    sa.event.listen(database.engine, "before_cursor_execute", die)
    with pytest.raises(Killed):
        upgrade(database)
    sa.event.remove(database.engine, "before_cursor_execute", die)
    assert tables_of(database) == set()
    upgrade(database)
    assert drift(database) == []
    database.dispose()


def test_down_and_up_again_gives_the_same_tables(database):
    before = tables_of(database)
    with database.writing() as session:
        command.downgrade(migrations._config(session.connection()), "base")
    assert tables_of(database) == {"alembic_version"}
    upgrade(database)
    assert tables_of(database) == before
    assert drift(database) == []


def test_messages_that_wait_outlive_the_step_that_adds_a_kind(runtime, clock):
    def put(key, kind):
        outgoing = Outgoing(key, kind, Medium.TEXT, "+447700900123", "Hello", clock())
        with runtime.database.writing() as session:
            assert queue(session, outgoing, keys=runtime.keys, now=clock())

    put("question:1", MessageKind.QUESTION)
    put("news:1", MessageKind.NEWS)
    with runtime.database.writing() as session:
        command.downgrade(migrations._config(session.connection()), "0006")
    with pytest.raises(sa.exc.IntegrityError), runtime.database.writing() as session:
        session.execute(sa.text("UPDATE outbox SET kind = 'news'"))
    upgrade(runtime.database)
    put("news:2", MessageKind.NEWS)
    with runtime.database.reading() as session:
        assert sorted(session.scalars(sa.select(Message.key))) == ["news:2", "question:1"]


def test_a_database_of_the_first_release_keeps_its_figures_and_makes_no_quarter_of_the_past(runtime, clock):
    world = World(runtime).build("riverside")
    world.crowd(25, MONDAY)
    clock.set(london(MONDAY + dt.timedelta(weeks=1), 3, 10))
    nightly(runtime, MONDAY + dt.timedelta(weeks=1))
    figures = world.figures("riverside", "ex.life")
    with runtime.database.writing() as session:
        command.downgrade(migrations._config(session.connection()), "0001")
    upgrade(runtime.database)
    assert world.figures("riverside", "ex.life") == figures
    with runtime.database.reading() as session:
        told = session.execute(sa.select(Told.place_id, Told.bin_start).order_by(Told.place_id)).all()
        quarters = session.execute(sa.select(Quarter.start, Quarter.retired)).all()
    assert [tuple(row) for row in told] == [("riverside", MONDAY), ("system", MONDAY)]
    assert [tuple(row) for row in quarters] == [(dt.date(2026, 9, 28), True)]
    clock.set(london(dt.date(2027, 1, 4), 3, 10))
    nightly(runtime, dt.date(2027, 1, 4))
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(QuarterFigure)) == 0

"""One transaction a block, one writer at a time on SQLite, and values that mean the same on both engines."""

from __future__ import annotations

import datetime as dt
import fcntl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from survey_app import database as foundation
from survey_app.accounts.tables import Staff
from survey_app.ask.population.tables import Place, PlaceKind, Suppression
from survey_app.database import Database, WriterQueue, insert_or_ignore, upsert
from tests.factories import make_place
from tests.fakes import MONDAY_MORNING


def suppressed(index: bytes, reason: str = "stop") -> dict[str, object]:
    return {"phone_index": index, "reason": reason, "since": MONDAY_MORNING}


def n_rows(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table))


def test_what_is_written_is_there_when_the_block_ends(database):
    with database.writing() as session:
        make_place(session)
    assert n_rows(database, Place) == 1


def write_and_fail(database: Database) -> None:
    with database.writing() as session:
        make_place(session)
        raise RuntimeError


def test_an_error_inside_the_block_leaves_nothing(database):
    with pytest.raises(RuntimeError):
        write_and_fail(database)
    assert n_rows(database, Place) == 0


def test_an_instant_comes_back_aware_and_in_utc(database):
    tokyo = dt.timezone(dt.timedelta(hours=9))
    with database.writing() as session:
        insert_or_ignore(
            session, Suppression, [suppressed(b"1") | {"since": MONDAY_MORNING.astimezone(tokyo)}]
        )
    with database.reading() as session:
        since = session.scalar(sa.select(Suppression.since))
    assert since == MONDAY_MORNING
    assert since.utcoffset() == dt.timedelta(0)


def test_a_naive_instant_is_refused(database):
    naive = MONDAY_MORNING.replace(tzinfo=None)
    with pytest.raises(sa.exc.StatementError, match="time zone"), database.writing() as session:
        session.add(Suppression(phone_index=b"1", reason="stop", since=naive))


def test_an_enumeration_is_kept_by_the_database_itself(database):
    row = "INSERT INTO place (id, name, kind, code, path) VALUES ('a', 'A', 'planet', 'A', '/a/')"
    with pytest.raises(sa.exc.IntegrityError), database.writing() as session:
        session.execute(sa.text(row))


def test_a_row_that_points_to_nothing_is_refused(database):
    orphan = Place(id="a", parent_id="nowhere", name="A", kind=PlaceKind.LOCALITY, code="A", path="/a/")
    with pytest.raises(sa.exc.IntegrityError), database.writing() as session:
        session.add(orphan)


def test_the_same_key_twice_is_inserted_once_and_counted_so(database):
    with database.writing() as session:
        assert insert_or_ignore(session, Suppression, [suppressed(b"1"), suppressed(b"2")]) == 2
        assert insert_or_ignore(session, Suppression, [suppressed(b"2", "other"), suppressed(b"3")]) == 1
        assert insert_or_ignore(session, Suppression, []) == 0
    with database.reading() as session:
        reasons = session.scalars(sa.select(Suppression.reason).order_by(Suppression.phone_index))
        assert list(reasons) == ["stop", "stop", "stop"]


def test_upsert_changes_the_row_of_the_same_key(database):
    with database.writing() as session:
        upsert(session, Suppression, suppressed(b"1"), key=["phone_index"])
        upsert(session, Suppression, suppressed(b"1", "changed"), key=["phone_index"])
        upsert(session, Suppression, suppressed(b"2"), key=["phone_index"])
    with database.reading() as session:
        reasons = session.scalars(sa.select(Suppression.reason).order_by(Suppression.phone_index))
        assert list(reasons) == ["changed", "stop"]


def test_writers_of_many_threads_lose_no_update(database):
    staff = {"email": "a@example.org", "name": "A", "password_hash": "-", "created_at": MONDAY_MORNING}
    with database.writing() as session:
        session.add(Staff(**staff))

    def fail_once(_number: int) -> None:
        with database.writing() as session:
            session.execute(sa.update(Staff).values(failures=Staff.failures + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail_once, range(40)))
    with database.reading() as session:
        assert session.scalar(sa.select(Staff.failures)) == 40


def test_a_reader_is_not_held_up_by_a_writer(database):
    with database.writing() as session:
        make_place(session, "early")
    inside, done = threading.Event(), threading.Event()

    def write() -> None:
        with database.writing() as session:
            make_place(session, "late")
            inside.set()
            done.wait(5)

    writer = threading.Thread(target=write)
    writer.start()
    assert inside.wait(5)
    assert n_rows(database, Place) == 1
    done.set()
    writer.join()
    assert n_rows(database, Place) == 2


def wait_until_taken(path) -> None:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with path.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
    raise AssertionError(f"nobody waits at {path}")


def test_a_writer_that_wants_to_write_again_at_once_overtakes_nobody(tmp_path):
    ours, theirs = WriterQueue(tmp_path / "w.db"), WriterQueue(tmp_path / "w.db")  # as of two processes
    order = []

    def wait() -> None:
        with theirs.turn():
            order.append("theirs")

    waiting = threading.Thread(target=wait)
    with ours.turn():
        waiting.start()
        wait_until_taken(tmp_path / "w.db.next")
    with ours.turn():
        order.append("ours")
    waiting.join()
    assert order == ["theirs", "ours"]


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_a_connection_that_was_lost_while_it_rested_is_made_again(database, monkeypatch):
    monkeypatch.setattr(foundation, "IDLE_SECONDS", 0)
    mine = sa.select(sa.func.pg_backend_pid())
    with database.reading() as session:
        lost = session.scalar(mine)
    other = Database(database.url.render_as_string(hide_password=False))
    with other.reading() as session:
        session.execute(sa.select(sa.func.pg_terminate_backend(lost)))
    other.dispose()
    with database.reading() as session:
        assert session.scalar(mine) != lost


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_forgets_is_refused(url):
    with pytest.raises(ValueError, match="needs a file"):
        Database(url)


def test_a_new_sqlite_file_is_readable_by_its_owner_only(tmp_path):
    fresh = Database(f"sqlite:///{tmp_path / 'new' / 'survey.db'}")
    with fresh.writing() as session:
        session.execute(sa.text("CREATE TABLE t (x INTEGER)"))
        modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "new").glob("survey.db*")}
    fresh.dispose()
    assert {modes[name] for name in ("survey.db", "survey.db-wal", "survey.db-shm")} == {0}

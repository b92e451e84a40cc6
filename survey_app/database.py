"""The database behind every room: one engine, reading and writing, column types alike on both databases."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, registry, sqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every room's tables; a room writes only its own."""

    metadata = sa.MetaData(naming_convention=NAMING)


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware UTC instant; SQLite would silently drop the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002 - fixed by SQLAlchemy
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must know its time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002 - fixed by SQLAlchemy
        """Give back an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


JsonText = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def enum_column(kind: type[StrEnum]) -> sa.Enum:
    """Return a column type that stores an enum's value as text and refuses anything else."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=kind.__name__.lower(),
        values_callable=lambda k: [member.value for member in k],
    )


class WriterQueue:
    """Lets one writer at a time of all threads and processes at a SQLite file, in the order they came.

    busy_timeout lets writing processes starve each other for seconds. One lock does not, but whoever gives
    it back and wants it again at once mostly gets it; so the next in turn waits alone, in front of the queue.
    """

    def __init__(self, database: Path) -> None:
        self._thread = threading.Lock()
        self._next = f"{database}.next"
        self._lock = f"{database}.lock"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until it is this thread's turn, and keep it until the block ends."""
        with self._thread:
            with _locked(self._next):
                lock = _lock(self._lock)
            try:
                yield
            finally:
                os.close(lock)


@contextmanager
def _locked(path: str) -> Iterator[None]:
    lock = _lock(path)
    try:
        yield
    finally:
        os.close(lock)


def _lock(path: str) -> int:
    # Opened each time: a process that was forked would share the lock of an open file.
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


class ToldSqlite(SQLiteDialect_pysqlite):
    """SQLite where SQLAlchemy's begin is a BEGIN, unless a writer has begun already."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Begin; an event would do it too, but every statement pays for an engine with events."""
        held: Any = dbapi_connection
        if not held.in_transaction:
            held.execute("BEGIN")


registry.register("sqlite.told", __name__, ToldSqlite.__name__)


class Database:
    """One engine; many readers; on SQLite one writer at a time, across processes."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._writing = self.engine.execution_options(write=True)
        self._queue = WriterQueue(Path(self.url.database)) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that never writes."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that is committed, durably, when the block ends without an error."""
        # Whoever writes holds up all others: the connection is there before, and given back after.
        with (
            self._writing.connect() as connection,
            Session(connection, expire_on_commit=False) as session,
            self._one_writer(connection),
            session.begin(),
        ):
            session.connection()
            yield session

    @contextmanager
    def _one_writer(self, connection: sa.Connection) -> Iterator[None]:
        if self._queue is None:
            yield
            return
        with self._queue.turn():
            held: Any = connection.connection.dbapi_connection
            held.execute("BEGIN IMMEDIATE")
            yield

    def dispose(self) -> None:
        """Close pooled connections."""
        self.engine.dispose()


IDLE_SECONDS = 2
"""A connection used so lately still stands; asking each time costs as much as a statement of ours."""


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=10,
        pool_timeout=2,
        hide_parameters=True,  # an error's text goes to the log, and people's numbers stand in parameters
    )

    @sa.event.listens_for(engine, "checkin")
    def _rests(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["since"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _stands(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        now = time.monotonic()
        if now - record.info.get("since", now) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise sa.exc.DisconnectionError("the connection was lost while it rested") from None

    return engine


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: answers must survive the process")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Answers are nobody else's on this machine; the files SQLite puts beside it take over its mode.
    Path(url.database).touch(mode=0o600)
    told = url.set(drivername="sqlite+told")
    engine = sa.create_engine(told, connect_args={"timeout": 30}, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: ToldSqlite
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def insert_or_ignore(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> int:
    """Insert rows whose unique keys are new and return how many were; the database, not a check, decides."""
    if not rows:
        return 0
    connection = session.connection()
    done: Any = connection.execute(_insert(table, connection.dialect.name), rows)
    return int(done.rowcount)


def insert_new(session: Session, table: type[Base], row: dict[str, Any]) -> int | None:
    """Insert a row whose unique keys are new and return its id; None where the database knows it already."""
    connection = session.connection()
    statement = _insert_for_id(table, connection.dialect.name)
    made: int | None = connection.execute(statement, row).scalar()
    return made


def upsert(session: Session, table: type[Base], row: dict[str, Any], *, key: list[str]) -> None:
    """Insert a row, or change the one that has the same key."""
    upsert_all(session, table, [row], key=key)


def upsert_all(session: Session, table: type[Base], rows: list[dict[str, Any]], *, key: list[str]) -> None:
    """Insert rows that name the same columns, or change those that have the same key."""
    if not rows:
        return
    connection = session.connection()
    connection.execute(_upsert(table, connection.dialect.name, tuple(rows[0]), tuple(key)), rows)


def count_up(session: Session, table: type[Base], row: dict[str, Any], name: str, *, key: list[str]) -> int:
    """Insert a row, or add one to a column of the one that has the same key; return what it holds now."""
    connection = session.connection()
    build = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    column = table.__table__.c[name]
    counted = build(table).values(row).on_conflict_do_update(index_elements=key, set_={name: column + 1})
    return int(connection.execute(counted.returning(column)).scalar_one())


@cache  # building these costs more than running them
def _insert(table: type[Base], dialect: str) -> sa.Insert:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # SQLAlchemy drops the row count of plain inserts on PostgreSQL unless asked to keep it.
    return build(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _insert_for_id(table: type[Base], dialect: str) -> sa.Insert:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return build(table).on_conflict_do_nothing().returning(table.__table__.c.id)


@cache
def _upsert(table: type[Base], dialect: str, names: tuple[str, ...], key: tuple[str, ...]) -> sa.Insert:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(table)
    changed = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)

"""The database behind every room: one engine, reading and writing, column types alike on both databases."""

from __future__ import annotations

import datetime as dt
import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

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


class Database:
    """One engine; many readers; on SQLite one writer at a time, across processes."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._writing = self.engine.execution_options(write=True)
        self._writer = threading.Lock()
        self._lock_path = Path(f"{self.url.database}.lock") if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that never writes."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that is committed, durably, when the block ends without an error."""
        with (
            self._one_writer(),
            Session(self._writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        # busy_timeout lets writing processes starve each other for seconds; a queue on a lock does not.
        if self._lock_path is None:
            yield
            return
        with self._writer, self._lock_path.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def dispose(self) -> None:
        """Close pooled connections."""
        self.engine.dispose()


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        pool_timeout=2,
        hide_parameters=True,  # an error's text goes to the log, and people's numbers stand in parameters
    )


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: answers must survive the process")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Answers are nobody else's on this machine; the files SQLite puts beside it take over its mode.
    Path(url.database).touch(mode=0o600)
    engine = sa.create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN"
        )

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

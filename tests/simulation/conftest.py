"""Runtimes on SQLite, as many as a test wants, each with a database and a clock of its own."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import count

import pytest

from survey_app.database import Database
from tests.fakes import FakeClock


@pytest.fixture
def new_runtime(loaded_runtime, sqlite_template, tmp_path, keys, settings):
    made, numbers = [], count()

    def make():
        path = shutil.copy(sqlite_template, tmp_path / f"{next(numbers)}.db")
        made.append(Database(f"sqlite:///{path}"))
        parts = {"database": made[-1], "keys": keys, "settings": settings, "clock": FakeClock()}
        return replace(loaded_runtime, **parts)

    yield make
    for database in made:
        database.dispose()

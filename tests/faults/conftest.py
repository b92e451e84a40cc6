from __future__ import annotations

import os
import subprocess
import sys

import pytest

from survey_app.settings import ROOT
from tests.faults.busy_weeks import BusyWeeks, with_new_version
from tests.faults.ground import Ground, Nursery


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """Run the process that bears children to be killed; it has one thread, this one may have more."""
    surroundings = {"SURVEY_ENV": "testing", "SURVEY_DATA_DIR": str(tmp_path_factory.mktemp("nursery"))}
    command = [sys.executable, "-m", "tests.faults.counting_nursery"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Nursery(process)
        process.stdin.close()


@pytest.fixture
def ground(request, database):
    server = None if database.is_sqlite else request.getfixturevalue("postgresql_server").administrator
    ground = Ground(database, server)
    yield ground
    ground.forget()


@pytest.fixture
def world(runtime) -> BusyWeeks:
    return BusyWeeks(with_new_version(runtime)).build()

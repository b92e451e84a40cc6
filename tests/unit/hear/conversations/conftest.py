from __future__ import annotations

import pytest

from tests.line import Line


@pytest.fixture
def line(runtime):
    with runtime.database.writing() as session:
        yield Line(session, runtime)

"""A real runtime for a simulated year: a migrated database in a file, the attacker's instruments, a clock."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from survey_app.ask.instruments.loader import Library, load_instrument
from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.database import upgrade
from survey_app.database import Database
from survey_app.know.measures.expansion import (
    helped_measure,
    mean_measure,
    mode_measure,
    replies_measure,
    scale_measure,
)
from survey_app.know.measures.measures import Measures
from survey_app.settings import load_settings
from tests.attacker.people import CATEGORIES, SCALES, SCORES
from tests.fakes import FakeClock

INSTRUMENTS = Path(__file__).parent / "instruments"


def library() -> Library:
    return Library(load_instrument(INSTRUMENTS / stream / "v1.toml") for stream in SCORES)


def measures(found: Library) -> Measures:
    """Follow one item, the scale and the replies of each stream: enough to test what is made of figures."""
    rows = []
    for stream, items in SCALES.items():
        instrument = found.get(stream, 1)
        rows += [
            mean_measure(instrument, instrument.item(items[0])),
            mean_measure(instrument, instrument.item(items[1])),
            scale_measure(instrument, instrument.scales[0], ("outcomes.experience.3",)),
            replies_measure(instrument),
            mode_measure(instrument, "sms"),
            helped_measure(instrument),
        ]
    return Measures(rows)


def base(folder: Path) -> Runtime:
    """Make what all years share; `runtime_in` gives each its own database and clock."""
    runtime = bootstrap(load_settings({"SURVEY_ENV": "testing", "SURVEY_DATA_DIR": str(folder / "data")}))
    if runtime.breakdown.ids != CATEGORIES:
        raise ValueError(f"expected the breakdown {CATEGORIES}, found {runtime.breakdown.ids}")
    found = library()
    return replace(runtime, library=found, measures=measures(found))


def template(folder: Path) -> Path:
    """Migrate an empty database once, to be copied."""
    path = folder / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    database.dispose()
    return path


def runtime_in(folder: Path, shared: Runtime, empty: Path, name: str) -> Runtime:
    path = folder / f"{name}.db"
    shutil.copy(empty, path)
    return replace(shared, database=Database(f"sqlite:///{path}"), clock=FakeClock())

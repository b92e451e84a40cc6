"""The composition root: the one place that chooses what a process is made of."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.elements import LogicModel, load_logic_model
from survey_app.ask.instruments.loader import Library, load_library
from survey_app.ask.population.breakdown import Breakdown, load_breakdown
from survey_app.clock import Clock, utc_now
from survey_app.crypto import Keys, load_keys
from survey_app.database import Database
from survey_app.hear.reading.wording import Wording, load_wording
from survey_app.know.improvement.actions.concepts import Concepts, load_concepts
from survey_app.know.measures.frameworks import Framework, load_frameworks
from survey_app.know.measures.measures import Measures, load_measures
from survey_app.know.records.definitions import RecordMeasures
from survey_app.know.records.loading import load_records
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR, Settings


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a door, a command or a job may need, made once a process."""

    settings: Settings
    database: Database
    keys: Keys
    clock: Clock
    library: Library
    model: LogicModel
    measures: Measures
    records: RecordMeasures
    wording: Wording
    breakdown: Breakdown
    concepts: Concepts
    frameworks: tuple[Framework, ...]


def bootstrap(settings: Settings, *, clock: Clock = utc_now) -> Runtime:
    """Build a runtime; bad instruments, measures or keys stop it here, by name and line."""
    model = load_logic_model(CONFIG_DIR / "logic_model.toml")
    is_trial = not settings.is_production
    library = load_library(INSTRUMENTS_DIR, settings.private_instruments_dir, model, unsigned_too=is_trial)
    surveyed = load_measures(CONFIG_DIR / "measures.toml", library, model).all()
    records = load_records(CONFIG_DIR / "records.toml", model, surveyed)
    measures = Measures((*surveyed, *records.measures))
    return Runtime(
        settings=settings,
        database=Database(settings.database_url),
        keys=load_keys(
            settings.data_dir / "keys",
            create=is_trial,
            session_secret=settings.secret_key or None,
        ),
        clock=clock,
        library=library,
        model=model,
        measures=measures,
        records=records,
        wording=load_wording(CONFIG_DIR / "wording", unsigned_too=is_trial),
        breakdown=load_breakdown(CONFIG_DIR / "breakdown.toml"),
        concepts=load_concepts(CONFIG_DIR / "change_concepts.toml"),
        frameworks=load_frameworks(CONFIG_DIR / "frameworks", model, measures),
    )

"""What the workspace's pages use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.ask.instruments.elements import LogicModel
from survey_app.ask.instruments.loader import Library
from survey_app.ask.population.breakdown import Breakdown
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.reading.wording import Wording
from survey_app.know.records.definitions import RecordMeasures
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `synthetic` tells whether invented people are among those asked."""

    database: Database
    clock: Clock
    keys: Keys
    library: Library
    settings: Settings
    breakdown: Breakdown
    synthetic: Callable[[], bool]
    records: RecordMeasures
    wording: Wording
    model: LogicModel

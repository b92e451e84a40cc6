"""What the dashboard's pages use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from survey_app.ask.instruments.elements import LogicModel
from survey_app.ask.instruments.loader import Library
from survey_app.ask.population.breakdown import Breakdown
from survey_app.clock import Clock, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.know.measures.frameworks import Framework
from survey_app.know.measures.measures import Measures
from survey_app.know.records.definitions import RecordMeasures


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `synthetic` tells whether invented people are among those asked."""

    database: Database
    clock: Clock
    library: Library
    model: LogicModel
    measures: Measures
    breakdown: Breakdown
    synthetic: Callable[[], bool]
    records: RecordMeasures
    frameworks: tuple[Framework, ...]
    keys: Keys

    def today(self) -> dt.date:
        """Return the local date."""
        return london_day(self.clock())

"""What the API uses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.clock import Clock, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.know.measures.measures import Measures


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses."""

    database: Database
    keys: Keys
    clock: Clock
    measures: Measures
    service_name: str

    def today(self) -> dt.date:
        """Return the local date."""
        return london_day(self.clock())

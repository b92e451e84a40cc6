"""What the pages of actions use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from survey_app.clock import Clock, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.reading.wording import Wording
from survey_app.know.improvement.actions.concepts import Concepts
from survey_app.know.improvement.actions.news import Teller, teller_of
from survey_app.know.measures.measures import Measures
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `synthetic` tells whether invented people are among those asked."""

    database: Database
    clock: Clock
    keys: Keys
    settings: Settings
    wording: Wording
    measures: Measures
    concepts: Concepts
    synthetic: Callable[[], bool]

    def today(self) -> dt.date:
        """Return the local date."""
        return london_day(self.clock())

    def teller(self) -> Teller:
        """Return what texts to people are made with."""
        return teller_of(self.settings, self.wording, self.keys, self.clock())

"""What the pages of team reports use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.outreach.waves.tables import Wave
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.know.evidence.climate.guide import Guide


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `synthetic` tells whether invented people are among those asked."""

    database: Database
    keys: Keys
    guide: Guide
    library: Library
    synthetic: Callable[[], bool]

    def title(self, wave: Wave) -> str:
        """Return what a wave asks about; its id where the wording is away."""
        try:
            return self.library.get(wave.instrument_id, wave.instrument_version).title
        except UnknownInstrument:
            return wave.instrument_id

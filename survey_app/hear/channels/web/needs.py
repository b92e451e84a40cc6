"""What the doors of web surveys use, of people and of teams alike."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.loader import Library
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Needs:
    """What both doors use."""

    database: Database
    keys: Keys
    clock: Clock
    library: Library
    settings: Settings

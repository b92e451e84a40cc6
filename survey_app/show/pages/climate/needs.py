"""What the pages of team reports use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.know.evidence.climate.guide import Guide


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `synthetic` tells whether invented people are among those asked."""

    database: Database
    keys: Keys
    guide: Guide
    synthetic: Callable[[], bool]

"""What surveys may do and how long their answers stay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Surveying:
    """Instruments that are licensed, posters, retention."""

    private_instruments_dir: Path | None
    poster_starts_a_day: int
    poster_calls_a_day: int
    retention_months: int


def surveying_faults(settings: Surveying) -> list[str]:
    """Return what is wrong with them, by name."""
    faults = []
    if settings.retention_months < 6:
        faults.append("SURVEY_RETENTION_MONTHS must be 6 or more: a quarter is counted after it is over")
    if not 1 <= settings.poster_starts_a_day <= 10_000:
        faults.append("SURVEY_POSTER_STARTS_A_DAY must be 1 to 10000")
    if not 0 <= settings.poster_calls_a_day <= 1_000:
        faults.append("SURVEY_POSTER_CALLS_A_DAY must be 0 to 1000")
    return faults

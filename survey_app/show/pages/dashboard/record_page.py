"""What the page of an operational measure says beside its figures: definition and origin."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.clock import london_day
from survey_app.know.evidence.series import Series
from survey_app.know.records.definitions import RecordMeasure, RecordMeasures
from survey_app.know.records.figures import Provenance, provenance
from survey_app.show.charts.dates import day_words


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """How a figure is defined, what it may be used for, and who gave it."""

    definition: RecordMeasure
    origin: Provenance | None
    taken_on: str


def record_facts(session: Session, series: Series, records: RecordMeasures) -> RecordFacts | None:
    """Return the facts of an operational measure; None of a measure that people were asked."""
    if not records.has(series.measure):
        return None
    origin = provenance(session, series.measure, series.place)
    taken_on = day_words(london_day(origin.taken_at)) if origin else ""
    return RecordFacts(records.get(series.measure), origin, taken_on)

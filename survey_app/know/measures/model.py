"""Measures: what a series shows, of which items, in which unit, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey_app.ask.instruments.model import Audience
from survey_app.stats.variation import Direction

__all__ = ["Direction", "Measure", "MeasureKind", "Source", "UnknownMeasure"]


class MeasureKind(StrEnum):
    """How a measure is computed; each has one function in formulas."""

    ITEM_MEAN = "item_mean"
    TOP_SHARE = "top_share"
    SCALE = "scale"
    REPLIES = "replies"
    RECORD = "record"  # counted elsewhere and imported: know/records


class Source(StrEnum):
    """Who says so; figures of two sources are never averaged."""

    USERS = "users"
    CARERS = "carers"
    STAFF = "staff"
    RECORDS = "records"
    SELF_ASSESSMENT = "self-assessment"


class UnknownMeasure(KeyError):
    """A measure that config/measures.toml does not give."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that can be followed over time."""

    id: str
    title: str
    statement: str
    kind: MeasureKind
    instrument: str
    version: int
    audience: Audience | None  # None: nobody was asked, it was counted
    items: tuple[str, ...]
    elements: tuple[str, ...]
    unit: str
    direction: Direction
    scale: str | None = None

    @property
    def source(self) -> Source:
        """Say who this figure comes from.

        Returns
        -------
        Source
            Of what nobody was asked, records.
        """
        return Source.RECORDS if self.audience is None else SOURCES[self.audience]


SOURCES = {
    Audience.USER: Source.USERS,
    Audience.CARER: Source.CARERS,
    Audience.STAFF: Source.STAFF,
    Audience.PANEL: Source.SELF_ASSESSMENT,
}

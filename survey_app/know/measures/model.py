"""Measures: what a series shows, of which items, in which unit, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey_app.ask.instruments.model import Audience
from survey_app.stats.variation import Direction

__all__ = ["Direction", "Measure", "MeasureKind", "UnknownMeasure"]


class MeasureKind(StrEnum):
    """How a measure is computed; each has one function in formulas."""

    ITEM_MEAN = "item_mean"
    TOP_SHARE = "top_share"
    SCALE = "scale"
    REPLIES = "replies"
    MODE = "mode"
    HELPED = "helped"
    RECORD = "record"  # counted elsewhere and imported: know/records


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
    channel: str | None = None

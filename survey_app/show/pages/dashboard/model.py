"""The logic model with its evidence: for each element and source the latest figure, or an honest nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.ask.instruments.elements import Box, Column, Element, LogicModel
from survey_app.ask.instruments.model import Audience
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import Measure, MeasureKind, Measures
from survey_app.show.pages.dashboard.tiles import Tile, tile_of
from survey_app.show.pages.dashboard.tree import Spot

_HEADLINES = (MeasureKind.ITEM_MEAN, MeasureKind.SCALE, MeasureKind.RECORD)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One element with a tile for each kind of people that has a figure; sources are never averaged."""

    element: Element
    tiles: list[Tile]
    has_measure: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One box of the model with its elements."""

    box: Box
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Stack:
    """One column of the model with its boxes."""

    column: Column
    panels: list[Panel]


def stacks(model: LogicModel, found: Mapping[str, Series], place: Spot, measures: Measures) -> list[Stack]:
    """Lay a place's series out on the model."""
    return [
        Stack(
            column,
            [
                Panel(box, [evidence_of(element, found, place, measures) for element in box.elements])
                for box in column.boxes
            ],
        )
        for column in model.columns
    ]


def evidence_of(element: Element, found: Mapping[str, Series], place: Spot, measures: Measures) -> Evidence:
    """Choose, for each kind of people, the measure nearest to an element."""
    candidates = headline_measures(element.id, measures)
    tiles = []
    for audience in (*Audience, None):
        nearest = next((m for m in candidates if m.audience is audience and m.id in found), None)
        tile = tile_of(found[nearest.id], place, measures) if nearest else None
        tiles += [tile] if tile else []
    return Evidence(element, tiles, has_measure=bool(candidates))


def headline_measures(element_id: str, measures: Measures) -> list[Measure]:
    """Return the means and scales that speak to an element, those that have it as their first one first."""
    rows = {m.id: m for m in measures.for_element(element_id) if m.kind in _HEADLINES}
    return list(rows.values())

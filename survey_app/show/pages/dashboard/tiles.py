"""A tile: one series in a line or a box, with everything a page says about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.know.evidence.heads import Head
from survey_app.know.evidence.hearing import is_stale
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import Measure, Measures, UnknownMeasure
from survey_app.show.charts.icon import Icon
from survey_app.show.pages.dashboard.faces import FACES, Face, face_of, unit_words
from survey_app.show.pages.dashboard.tree import Spot, Tree

__all__ = ["AUDIENCES", "SOURCES", "Tile", "measure_of", "tile_of", "tiles_of", "unit_words"]

RECORDS = "Records of services"
AUDIENCES: dict[Audience | None, str] = {
    Audience.USER: "People who use services",
    Audience.CARER: "Carers",
    Audience.STAFF: "Staff",
    None: RECORDS,
}
SOURCES: dict[Audience | None, str] = {
    Audience.USER: "People",
    Audience.CARER: "Carers",
    Audience.STAFF: "Staff",
    None: "Records",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One series as pages show it outside its own page."""

    href: str
    place: Spot
    measure: Measure
    audience: str
    source: str
    value: str
    unit: str
    n: int | None
    counted: str
    when: str
    icon: Icon
    sign: Markup
    spark: Markup
    summary: str
    is_new: bool
    face: Face

    def stale(self, day: dt.date) -> bool:
        """Tell whether the latest figure is old on a day."""
        return self.face.latest_to is not None and is_stale(self.face.latest_from, self.face.latest_to, day)


def tile_of(series: Series, place: Spot, measures: Measures, *, is_new: bool = False) -> Tile | None:
    """Return the tile of a series, or None for a measure that is no longer kept."""
    measure = measure_of(series.measure, measures)
    return _tile(face_of(series), place, measure, is_new=is_new) if measure else None


def tiles_of(session: Session, heads: Iterable[Head], tree: Tree, measures: Measures) -> list[Tile]:
    """Return the tiles of those series whose place and measure are known, in order; at most one query."""
    known = []
    for head in heads:
        place, measure = tree.find(head.place_id), measure_of(head.measure_id, measures)
        if place and measure:
            known.append((head, place, measure))
    faces = FACES.of(session, [head for head, _, _ in known])
    return [
        _tile(faces[head.measure_id, head.place_id], place, measure, is_new=head.is_new)
        for head, place, measure in known
        if (head.measure_id, head.place_id) in faces
    ]


def measure_of(measure_id: str, measures: Measures) -> Measure | None:
    """Return a measure, or None where it is no longer kept."""
    try:
        return measures.get(measure_id)
    except UnknownMeasure:
        return None


def _tile(face: Face, place: Spot, measure: Measure, *, is_new: bool) -> Tile:
    return Tile(
        href=url_for("dashboard.series", measure_id=measure.id, place_id=place.id),
        place=place,
        measure=measure,
        audience=AUDIENCES[measure.audience],
        source=SOURCES[measure.audience],
        value=face.value,
        unit=face.unit,
        n=face.n,
        counted=face.counted,
        when=face.when,
        icon=face.icon,
        sign=face.sign,
        spark=face.spark,
        summary=face.summary,
        is_new=is_new,
        face=face,
    )

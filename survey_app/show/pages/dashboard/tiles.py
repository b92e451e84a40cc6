"""A tile: one series in a line or a box, with everything a page says about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from survey_app.ask.instruments.model import Audience
from survey_app.know.evidence.series import Series
from survey_app.know.evidence.summary import is_score
from survey_app.know.measures.measures import Measure, Measures, UnknownMeasure
from survey_app.show.charts.icon import NO_RECORD, TOO_FEW, Icon, icon_of, icon_svg
from survey_app.show.charts.phrases import figure_words, span_words
from survey_app.show.charts.sparkline import sparkline_svg
from survey_app.show.pages.dashboard.tree import Spot

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


def tile_of(series: Series, place: Spot, measures: Measures, *, is_new: bool = False) -> Tile | None:
    """Return the tile of a series, or None for a measure that is no longer kept."""
    try:
        measure = measures.get(series.measure)
    except UnknownMeasure:
        return None
    icon = icon_of(series)
    latest = None if icon in {TOO_FEW, NO_RECORD} else series.latest
    return Tile(
        href=url_for("dashboard.series", measure_id=series.measure, place_id=series.place),
        place=place,
        measure=measure,
        audience=AUDIENCES[measure.audience],
        source=SOURCES[measure.audience],
        value=figure_words(latest.value, series.unit) if latest else "",
        unit=unit_words(series.unit),
        n=latest.n if latest and series.counted else None,
        counted=series.counted,
        when=span_words(latest.start, latest.end) if latest else "",
        icon=icon,
        sign=icon_svg(icon),
        spark=sparkline_svg(series),
        summary=series.summary,
        is_new=is_new,
    )


def unit_words(unit: str) -> str:
    """Return what stands behind a large figure."""
    return "" if unit == "percent" else "out of 100" if is_score(unit) else unit

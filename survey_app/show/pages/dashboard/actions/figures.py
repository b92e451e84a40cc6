"""The one sentence of figures that the public may be told: before the start and latest, both released."""

from __future__ import annotations

import datetime as dt

from survey_app.know.evidence.series import Point, Series
from survey_app.know.improvement.actions.news import LEAST_PEOPLE
from survey_app.know.measures.measures import Measures, UnknownMeasure
from survey_app.show.charts.phrases import figure_words, span_words
from survey_app.show.pages.dashboard.tiles import unit_words


def figures_told(series: Series, measures: Measures, started_on: dt.date) -> str | None:
    """Return the last figure before the start and the latest one, in words; None unless both are there."""
    try:
        title = measures.get(series.measure).title
    except UnknownMeasure:
        return None
    closed = [point for point in series.points if isinstance(point, Point) and not point.provisional]
    before = [point for point in closed if point.start < started_on]
    since = [point for point in closed if point.start >= started_on]
    if not before or not since or min(before[-1].n, since[-1].n) < LEAST_PEOPLE:
        return None
    unit = series.unit
    return f"{title}. Before: {_one(before[-1], unit)}. Latest: {_one(since[-1], unit)}."


def _one(point: Point, unit: str) -> str:
    figure = f"{figure_words(point.value, unit)} {unit_words(unit)}".strip()
    return f"{figure}, from {point.n} answers, {span_words(point.start, point.end)}"

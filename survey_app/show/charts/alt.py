"""What a picture says, for people who do not see it: a title and a description."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.know.evidence.series import ANSWERS, Gap, Point, Series
from survey_app.show.charts.dated import numbered
from survey_app.show.charts.dates import day_words, span_words
from survey_app.show.charts.phrases import figure_words, limit_words, scale_words
from survey_app.show.charts.series_words import chart_words, from_words, so_far_words
from survey_app.stats.variation import PointState


@dataclass(frozen=True, slots=True)
class Titles:
    """The names that a picture shows: of the measure and of the place."""

    measure: str
    place: str


def alt_title(titles: Titles) -> str:
    """Name a picture.

    Parameters
    ----------
    titles : Titles
        Names of measure and place.

    Returns
    -------
    str
        One line.
    """
    return f"{titles.measure}, {titles.place}"


def alt_text(series: Series) -> str:
    """Describe the picture of a series: what it is, where it stands, how it moved, what is missing.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    str
        A few sentences; the summary first.
    """
    now = so_far_words(series.open, series.unit) if series.open else ""
    parts = [series.summary, _kind(series), _latest(series), _target(series), now, _signals(series)]
    parts += [_gaps(series), _marks(series)]
    return " ".join(part for part in parts if part)


def _kind(series: Series) -> str:
    if not series.points:
        return "There are no figures yet."
    first, last = series.points[0].start, series.points[-1].end
    span = f"from {day_words(first)} to {day_words(last)}"
    return f"Line chart, {scale_words(series.unit).lower()}, {span}. {chart_words(series)}".rstrip()


def _latest(series: Series) -> str:
    point = series.latest
    if point is None:
        return ""
    limits = limit_words(point.lower, point.upper, series.unit)
    usual = f" Its usual range is {limits}." if limits else " There is no usual range yet."
    figure = figure_words(point.value, series.unit)
    return (
        f"Latest figure: {figure} for {span_words(point.start, point.end)}{from_words(point, series)}.{usual}"
    )


def _target(series: Series) -> str:
    return f"The target is {figure_words(series.target, series.unit)}." if series.target is not None else ""


def _marks(series: Series) -> str:
    told = [f"{one.number}, {one.when}, {one.words}" for one in numbered(series)]
    return f"Marked on the chart: {'; '.join(told)}." if told else ""


def _signals(series: Series) -> str:
    states = [p.state for p in series.points if isinstance(p, Point) and not p.provisional]
    better, worse = states.count(PointState.IMPROVEMENT), states.count(PointState.CONCERN)
    if not better and not worse:
        return (
            "No point is marked as a real change."
            if series.latest and series.latest.lower is not None
            else ""
        )
    return f"Of {len(states)} points, {better} are marked better and {worse} worse than chance explains."


def _gaps(series: Series) -> str:
    gaps = sum(isinstance(point, Gap) for point in series.points)
    if not gaps:
        return ""
    asked = series.counted == ANSWERS
    why = "too few people answered" if asked else "the count is too small to show or was not given"
    return f"{gaps} {'period has' if gaps == 1 else 'periods have'} no figure because {why}."

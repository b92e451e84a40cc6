"""The page of one series: the chart, what it means, how it was made."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.loader import Library
from survey_app.know.evidence.series import ANSWERS, LimitsStage, Series
from survey_app.know.improvement.rebases import Proposal
from survey_app.know.measures.measures import Measure
from survey_app.show.charts.alt import alt_text
from survey_app.show.charts.dated import Numbered, numbered
from survey_app.show.charts.icon import Icon, icon_of, icon_svg
from survey_app.show.charts.phrases import figure_words, limit_words
from survey_app.show.charts.series_words import chart_words, run_words, so_far_words
from survey_app.show.charts.table import Row, table_rows
from survey_app.show.pages.dashboard.made import Made, gap_words, latest_range, made, target_words
from survey_app.show.pages.dashboard.tiles import AUDIENCES, unit_words

FALSE_ALARMS = {LimitsStage.TRIAL: "1 chart in 70", LimitsStage.LOCKED: "1 chart in 30"}
"""How many latest points chance alone marks under `mdc7` (simulated: docs/algorithms/baselines.md)."""

FALSE_ALARMS_OF_COUNTS = {LimitsStage.TRIAL: "1 chart in 30", LimitsStage.LOCKED: "1 chart in 20"}
"""The same where limits do not weigh how many answered, for counts of replies."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """The figure of the period that is not over."""

    value: str
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """Everything said about one series beside its picture."""

    measure: Measure
    icon: Icon
    so_far: SoFar | None
    sign: str
    alt: str
    rows: tuple[Row, ...]
    about: str
    limits: str
    latest_n: int
    false_alarms: str
    average: str
    rules: list[str]
    audience: str
    made: Made
    gaps: str
    latest_range: str
    target: str
    proposal: Proposal | None
    edition: str
    marks: tuple[Numbered, ...]


def series_page(series: Series, measure: Measure, library: Library) -> SeriesPage:
    """Put the page's words together."""
    latest = series.latest
    icon = icon_of(series)
    return SeriesPage(
        measure=measure,
        icon=icon,
        so_far=so_far(series),
        sign=icon_svg(icon),
        alt=alt_text(series),
        rows=table_rows(series),
        about=chart_words(series),
        limits=limit_words(latest.lower, latest.upper, series.unit) if latest else "",
        latest_n=latest.n if latest else 0,
        false_alarms=_false_alarms(series),
        average=figure_words(latest.centre, series.unit) if latest else "",
        rules=rules_of(series) if series.limits is not LimitsStage.NONE else [],
        audience=AUDIENCES[measure.audience],
        made=made(series, measure, library),
        gaps=gap_words(series),
        latest_range=latest_range(series),
        target=target_words(series),
        proposal=series.proposal,
        edition=f"{series.release}.{series.revision}" if series.revision else series.release,
        marks=numbered(series),
    )


def so_far(series: Series) -> SoFar | None:
    """Say what the open period shows; None while it has no figure."""
    point = series.open
    if point is None:
        return None
    value = figure_words(point.value, series.unit)
    return SoFar(value, unit_words(series.unit), so_far_words(point, series.unit))


def _false_alarms(series: Series) -> str:
    known = FALSE_ALARMS if series.chart.weighs else FALSE_ALARMS_OF_COUNTS
    return known.get(series.limits, "")


def rules_of(series: Series) -> list[str]:
    """Say in words when a point is marked as a real change."""
    run = run_words(series.rules)
    weak = " (the weakest sign: it does not weigh how many answered)" if series.chart.weighs else ""
    if series.counted != ANSWERS:
        weak = ""
    return [
        f"one point outside {'its' if series.chart.weighs else 'the'} limits",
        f"{run} points in a row on the same side of the average",
        f"{run} points in a row that rise, or that fall{weak}",
        "two of three points in a row close to the same limit",
    ]

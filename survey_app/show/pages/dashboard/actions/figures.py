"""What the public may be told in figures: averages before and since the start, never beyond the verdict."""

from __future__ import annotations

import datetime as dt

from survey_app.know.evidence.before_since import Average, BeforeSince, before_since, is_better
from survey_app.know.evidence.series import ANSWERS, Series
from survey_app.know.improvement.actions.tables import Verdict
from survey_app.know.measures.measures import Measures, UnknownMeasure
from survey_app.show.charts.phrases import figure_words
from survey_app.show.pages.dashboard.tiles import unit_words


def figures_told(series: Series, measures: Measures, started_on: dt.date) -> str | None:
    """Return what the released figures say since the start; None where there is nothing to say for sure."""
    found = before_since(series, started_on)
    if found is None or series.counted != ANSWERS:
        return None
    try:
        title = measures.get(series.measure).title
    except UnknownMeasure:
        return None
    said = _said(found, series)
    return f"{title}. {said}" if said else None


def _said(found: BeforeSince, series: Series) -> str | None:
    since, verdict = found.since, found.judgement.verdict
    if verdict is Verdict.NO_DIRECTION:
        return None
    if verdict is Verdict.TOO_EARLY:
        return f"It is too early to say whether it has changed: {_basis(since)} since the start."
    if verdict is Verdict.NO_CHANGE:
        return f"There is no clear change yet: {_basis(since)} since the start."
    before_words, since_words = (_figure(one, series.unit) for one in (found.before, since))
    better = is_better(found, series.direction)
    # Averages that do not show what the verdict says would tell another story than the chart.
    if before_words == since_words or better is not (verdict is Verdict.IMPROVED):
        return None
    way = "better" if better else "worse"
    return (
        f"Average before: {before_words} ({_basis(found.before)}). "
        f"Average since: {since_words} ({_basis(since)}). That is a change for the {way}."
    )


def _figure(average: Average, unit: str) -> str:
    return f"{figure_words(average.value, unit)} {unit_words(unit)}".strip()


def _basis(average: Average) -> str:
    period = "week" if average.are_weeks else "period"
    many = "" if average.n_figures == 1 else "s"
    return f"{average.n:,} answers in {average.n_figures} {period}{many}"

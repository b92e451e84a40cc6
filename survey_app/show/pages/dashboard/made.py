"""How a number was made: wording, scoring, answers, versions; and what its target promises."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument, Item
from survey_app.know.evidence.series import Gap, LimitsStage, Point, Series
from survey_app.know.measures.formulas import top_labels
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.table import range_words
from survey_app.stats.variation import Assurance

SCORING = {
    MeasureKind.ITEM_MEAN: "The average of the scores below. Not sure and does not apply have no score.",
    MeasureKind.TOP_SHARE: "Of all answers with a score, the share of the most positive ones: {top}.",
    MeasureKind.SCALE: "The average of the figures of its questions, once each of them has a new one.",
    MeasureKind.REPLIES: "People in whole blocks. Nothing is scored.",
    MeasureKind.MODE: "Of all people who answered, the share who did it this way. Nothing is scored.",
    MeasureKind.HELPED: "Of all people who answered, the share who said so. Who did not say is in the whole.",
}
INTERVALS = {
    MeasureKind.ITEM_MEAN: "a 95% interval of the mean (Student's t)",
    MeasureKind.TOP_SHARE: "a 95% interval of the share (Wilson)",
    MeasureKind.MODE: "a 95% interval of the share (Wilson)",
    MeasureKind.HELPED: "a 95% interval of the share (Wilson)",
}
ASSURED = {
    Assurance.PASS: "As things are, it will be met every week: even the worse of the usual figures reach it.",
    Assurance.FAIL: "As things are, it will not be met: even the better of the usual figures miss it.",
    Assurance.INCONSISTENT: "As things are, it is met in some weeks and missed in others, by chance alone.",
}
NOT_YET = "Whether it will be met can be said once the limits are locked, with 26 figures."


@dataclass(frozen=True, slots=True)
class Made:
    """What a reader may ask about how the figures came about."""

    questions: list[tuple[Item, str]]
    scoring: str
    interval: str
    answers: str
    instrument: str
    validated: bool
    wording: str
    earlier: str


UNASKED = Made([], "", "", "", "", validated=False, wording="", earlier="")
"""Of operational measures, whose page says in its own way how they were made."""


def made(series: Series, measure: Measure, library: Library) -> Made:
    """Put together how the figures of a series were made."""
    version = series.versions[0].number if series.versions else measure.version
    if measure.audience is None:
        return UNASKED
    instrument = library.get(measure.instrument, version)
    items = [instrument.item(item_id) for item_id in measure.items]
    return Made(
        questions=[(item, scores_of(item)) for item in items],
        scoring=_scoring(measure, items),
        interval=INTERVALS.get(measure.kind, ""),
        answers=answers_words(series),
        instrument=f"{instrument.title}, version {version}",
        validated=instrument.validated,
        wording=_wording(series),
        earlier=_earlier(series, instrument),
    )


def scores_of(item: Item) -> str:
    """List the answers of a question with what each counts on 0-100."""
    wide = item.highest - item.lowest if item.scored else 0
    told = []
    for option in item.options:
        score = item.score(option.code)
        counts = f" = {100 * (score - item.lowest) / wide:.0f}" if score is not None and wide else ""
        told.append(f"{option.label}{counts}")
    return " / ".join(told)


def answers_words(series: Series) -> str:
    """Say from how many answers the figures of a series come."""
    counts = sorted(point.n for point in series.points if isinstance(point, Point) and not point.provisional)
    if not counts:
        return ""
    if counts[0] == counts[-1]:
        return f"Each figure comes from {counts[0]} answers."
    return f"A figure comes from {counts[0]} to {counts[-1]} answers, in the middle {median(counts):.0f}."


def gap_words(series: Series) -> str:
    """Say how many bins have no figure, and why; empty where every one has."""
    n_gaps = sum(isinstance(point, Gap) for point in series.points)
    if not n_gaps:
        return ""
    return f"{n_gaps} {'period has' if n_gaps == 1 else 'periods have'} no figure."


def latest_range(series: Series) -> str:
    """Say in which range the latest figure would lie if many more people had answered."""
    latest = series.latest
    return range_words(latest.low, latest.high, series.unit) if latest else ""


def target_words(series: Series) -> str:
    """Say what the target is and what the limits promise about it; empty without a target."""
    if series.target is None:
        return ""
    since = f", since {day_words(series.target_since)}" if series.target_since else ""
    figure = figure_words(series.target, series.unit, decimals=0 if series.target % 1 == 0 else 1)
    told = ASSURED[series.assurance] if series.assurance else ""
    if not told and series.limits is not LimitsStage.LOCKED:
        told = NOT_YET
    return f"The target is {figure}{since}. {told}".strip()


def _scoring(measure: Measure, items: list[Item]) -> str:
    top = " and ".join(f"\u201c{label}\u201d" for item in items if item.options for label in top_labels(item))
    return SCORING[measure.kind].format(top=top)


def _wording(series: Series) -> str:
    if not series.versions:
        return ""
    now = series.versions[0]
    return f"This wording (version {now.number}) has had figures here since {day_words(now.first)}."


def _earlier(series: Series, instrument: Instrument) -> str:
    if len(series.versions) < 2:
        return ""
    before = series.versions[1]
    return (
        f"An earlier wording of {instrument.title} (version {before.number}) was asked from "
        f"{day_words(before.first)} to {day_words(before.last)}. Its figures are not part of this chart: "
        "people answered another question."
    )

"""A report as rows of text: its factors, its items, its waves before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.know.evidence.climate.guide import Guide, Topic
from survey_app.know.evidence.climate.result import Figure, Report
from survey_app.show.charts.climate_words import (
    REFUSED,
    agreement_words,
    change_words,
    deviation_words,
    points_words,
    spread_words,
)
from survey_app.show.charts.dates import day_words

COLUMNS = (
    "wave", "closed", "kind", "id", "title", "points", "shown", "disagree", "between", "agree",
    "agreement", "ad_m", "change", "change_low", "change_high", "verdict", "others",
)  # fmt: skip
STATES = {
    WaveState.PLANNED: "Not started yet",
    WaveState.CLOSED: "Closed; its report is being made",
    WaveState.UNOPENED: "Closed unopened: too few answered",
    WaveState.VOID: "Stopped: nothing was opened, and nothing can be",
}
TOLD = {
    WaveState.PLANNED: "This wave has not started yet.",
    WaveState.OPEN: "This wave is still open. Nobody can see an answer, or how many there are.",
    WaveState.CLOSED: "This wave has closed. Its report appears here within a minute.",
    WaveState.UNOPENED: "Too few people answered. Nothing was opened, and nothing can be opened any more.",
    WaveState.VOID: (
        "This wave was stopped, by a survey officer or because its key was lost. "
        "All answers were deleted unread, and everybody who was asked is told."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One factor as text, with what the team may talk about."""

    figure: Figure
    topic: Topic | None
    points: str
    spread: str
    agreement: str
    deviation: str
    change: str
    others: str
    questions: tuple[str, ...]


def lines_of(report: Report, guide: Guide) -> list[Line]:
    """Return the factors of a report."""
    return [_line(report, one, guide.topic(one.id)) for one in report.factors]


def state_words(wave: Wave, report: Report | None) -> str:
    """Say how far a wave is."""
    if report is not None:
        return "Closed without a report" if report.refused else f"Report of {day_words(report.closed_on)}"
    if wave.state is WaveState.OPEN:
        return f"Open until {day_words(wave.ends_on)}"
    return STATES[wave.state]


def why_none(wave: Wave, report: Report | None, *, hidden: bool) -> str:
    """Say why a wave shows no figures."""
    if hidden:
        return (
            "You were asked in this wave yourself. Who knows one answer could work out more of the others: "
            "only somebody who was not asked can open this report."
        )
    if report is not None and report.refused:
        return REFUSED[report.refused]
    return TOLD[wave.state]


def rows_of(report: Report) -> Iterator[tuple[object, ...]]:
    """Return a report as rows of cells, in the order of COLUMNS."""
    others = report.others.points if report.others else {}
    for kind, figures in (("factor", report.factors), ("item", report.items)):
        for one in figures:
            spread, agreed, change = one.spread, one.agreement, one.change
            yield (
                *(report.wave_id, report.closed_on, kind, one.id, one.title, one.points),
                points_words(one.points),
                *((spread.low, spread.middle, spread.high) if spread else (None,) * 3),
                *((agreed.level.value, agreed.ad_m) if agreed else (None,) * 2),
                *((change.points, change.low, change.high, change.verdict.value) if change else (None,) * 4),
                others.get(one.id),
            )
    if report.total is not None:
        title = "mean of the factors"
        together = report.others.total if report.others else None
        cells = (report.wave_id, report.closed_on, "total", "total", title, report.total)
        yield (*cells, points_words(report.total), *(None,) * 9, together)


def _line(report: Report, one: Figure, topic: Topic | None) -> Line:
    others = report.others.points.get(one.id) if report.others else None
    return Line(
        figure=one,
        topic=topic,
        points=points_words(one.points),
        spread=spread_words(one.spread),
        agreement=agreement_words(one.agreement) if one.points is not None else "",
        deviation=deviation_words(one.agreement),
        change=change_words(one.change),
        others=points_words(others) if others is not None else "",
        questions=topic.questions(one) if topic else (),
    )

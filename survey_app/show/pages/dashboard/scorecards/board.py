"""The board of a scorecard: one line a measure, made only of released, stored series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.ask.instruments.elements import LogicModel, UnknownElement
from survey_app.clock import london_day
from survey_app.know.disclosure.tables import Release
from survey_app.know.evidence import store
from survey_app.know.evidence.false_alarms import expected
from survey_app.know.evidence.series import Series
from survey_app.know.improvement.scorecards.plan import Pick, Plan
from survey_app.know.measures.measures import UnknownMeasure
from survey_app.show.charts.assured import WORDS, assurance_svg
from survey_app.show.charts.dates import day_words, span_words
from survey_app.show.charts.documents.pictures import standing_alone
from survey_app.show.charts.phrases import chance_words, figure_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tiles import SOURCES, Tile, tile_of
from survey_app.show.pages.dashboard.tree import Spot
from survey_app.stats.variation import VariationIcon

OLD = dt.timedelta(days=21)
"""From then on a figure says how old it is."""
ROOMY, DENSE = 10, 14
TOO_EARLY = "Too early to say whether the target will be met"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure on the board; `tile` is None where nothing is released or it is no longer asked."""

    element: str
    column: str
    title: str
    source: str
    owner: str
    tile: Tile | None
    nothing: str
    target: str
    assurance: str
    assurance_sign: Markup
    when: str
    age: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page; `gaps` are elements nothing measures, `density` how small letters must be."""

    lines: tuple[Line, ...]
    week: str
    released: str
    n_judged: int
    n_marked: int
    by_chance: str
    gaps: tuple[str, ...]
    density: str

    def for_paper(self) -> Board:
        """Return the board with pictures that carry their own words and colours."""
        return replace(self, lines=tuple(_for_paper(line) for line in self.lines))


def board_of(session: Session, plan: Plan, place: Spot, needs: Needs) -> Board:
    """Gather a board in two queries, whatever its size."""
    found = store.at_place(session, place.id)
    shown = [found[name] for pick in plan.picks for name in pick.measures if name in found]
    lines = [line for pick in plan.picks for line in _lines(pick, found, place, needs)]
    judged = [one for one in shown if one.variation]
    return Board(
        lines=tuple(lines),
        week=_week(shown),
        released=_released(session, shown),
        n_judged=len(judged),
        n_marked=sum(one.variation is not VariationIcon.COMMON_CAUSE for one in judged),
        by_chance=chance_words(expected(((one.chart, one.limits), 1) for one in judged)),
        gaps=tuple(element_words(needs.model, pick.element)[0] for pick in plan.picks if not pick.measures),
        density="roomy" if len(lines) <= ROOMY else "close" if len(lines) <= DENSE else "dense",
    )


def element_words(model: LogicModel, element_id: str) -> tuple[str, str]:
    """Return the titles of an element and of its column; an element that is gone goes by its id."""
    try:
        title = model.element(element_id).title
    except UnknownElement:
        return element_id, ""
    columns = {column.id: column.title for column in model.columns}
    return title, columns.get(element_id.partition(".")[0], "")


def _lines(pick: Pick, found: Mapping[str, Series], place: Spot, needs: Needs) -> Iterable[Line]:
    element, column = element_words(needs.model, pick.element)
    for measure_id in pick.measures:
        series = found.get(measure_id)
        tile = tile_of(series, place, needs.measures) if series else None
        title, source = _titles(measure_id, needs)
        assurance = series.assurance if series and series.target is not None else None
        yield Line(
            element=element,
            column=column,
            title=title,
            source=source,
            owner=pick.owner,
            tile=tile,
            nothing="No figures yet" if source else "Not asked any more",
            target=figure_words(series.target, series.unit) if series else "",
            assurance=WORDS[assurance] if assurance else TOO_EARLY,
            assurance_sign=assurance_svg(assurance) if assurance else Markup(),
            when=_short(series),
            age=_age(series, needs.today()),
        )


def _titles(measure_id: str, needs: Needs) -> tuple[str, str]:
    try:
        measure = needs.measures.get(measure_id)
    except UnknownMeasure:
        return measure_id, ""
    return measure.title, SOURCES[measure.audience]


def _short(series: Series | None) -> str:
    latest = series.latest if series else None
    return f"to {day_words(latest.end, year=False)}" if latest else ""


def _age(series: Series | None, today: dt.date) -> str:
    latest = series.latest if series else None
    if latest is None or today - latest.end < OLD:
        return ""
    return f"{(today - latest.end).days // 7} weeks old"


def _week(shown: Iterable[Series]) -> str:
    latest = max((one.latest for one in shown if one.latest), key=lambda point: point.end, default=None)
    return span_words(latest.start, latest.end) if latest else ""


def _released(session: Session, shown: Iterable[Series]) -> str:
    tokens = {one.release for one in shown}
    at = session.scalar(sa.select(sa.func.max(Release.made_at)).where(Release.token.in_(tokens)))
    return day_words(london_day(at)) if at else ""


def _for_paper(line: Line) -> Line:
    alone: Callable[[Markup, str], Markup] = standing_alone
    tile = line.tile
    if tile is not None:
        trend = f"{tile.measure.title}: the last half year"
        tile = replace(tile, sign=alone(tile.sign, tile.icon.words), spark=alone(tile.spark, trend))
    return replace(line, tile=tile, assurance_sign=alone(line.assurance_sign, line.assurance))

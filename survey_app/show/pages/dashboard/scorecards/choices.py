"""What a plan can choose from: elements by column, and the measures that speak to each, by who is asked."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.elements import Box, Column
from survey_app.know.evidence import store
from survey_app.know.improvement.scorecards.plan import Pick, Plan
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.show.charts.phrases import figure_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.scorecards.board import element_words
from survey_app.show.pages.dashboard.tiles import AUDIENCES
from survey_app.show.pages.dashboard.tree import Spot


@dataclass(frozen=True, slots=True)
class ElementChoice:
    """An element that may be ticked, and how many measures speak to it."""

    id: str
    title: str
    ticked: bool
    n_measures: int


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """A measure that may be ticked; `target` is empty where none is set."""

    id: str
    title: str
    statement: str
    ticked: bool
    has_figures: bool
    target: str


@dataclass(frozen=True, slots=True)
class PickChoices:
    """One chosen element with what can be measured of it, by who is asked."""

    pick: Pick
    element: str
    column: str
    groups: list[tuple[str, list[MeasureChoice]]]
    chosen: list[MeasureChoice]  # in the board's order


def element_choices(plan: Plan, needs: Needs) -> list[tuple[Column, list[tuple[Box, list[ElementChoice]]]]]:
    """Lay all elements out by column and box."""
    ticked = {pick.element for pick in plan.picks}
    return [
        (
            column,
            [
                (
                    box,
                    [
                        ElementChoice(e.id, e.title, e.id in ticked, len(measures_of(e.id, needs)))
                        for e in box.elements
                    ],
                )
                for box in column.boxes
            ],
        )
        for column in needs.model.columns
    ]


def measures_of(element_id: str, needs: Needs) -> list[Measure]:
    """Return the measures that speak to an element; counts of replies speak to none."""
    rows = {m.id: m for m in needs.measures.for_element(element_id) if m.kind is not MeasureKind.REPLIES}
    return list(rows.values())


def measure_choices(plan: Plan, place: Spot, needs: Needs) -> list[PickChoices]:
    """Return, for each chosen element, what may be measured of it."""
    with needs.database.reading() as session:
        found = store.at_place(session, place.id)

    def choice(pick: Pick, measure: Measure) -> MeasureChoice:
        series = found.get(measure.id)
        target = figure_words(series.target, series.unit) if series else ""
        ticked = measure.id in pick.measures
        return MeasureChoice(measure.id, measure.title, measure.statement, ticked, series is not None, target)

    return [
        _choices(pick, [choice(pick, m) for m in measures_of(pick.element, needs)], needs)
        for pick in plan.picks
    ]


def _choices(pick: Pick, choices: list[MeasureChoice], needs: Needs) -> PickChoices:
    audiences = {choice.id: needs.measures.get(choice.id).audience for choice in choices}
    first = sorted(choices, key=lambda choice: not choice.has_figures)
    groups = [
        (AUDIENCES[audience], [choice for choice in first if audiences[choice.id] is audience])
        for audience in AUDIENCES
    ]
    by_id = {choice.id: choice for choice in choices}
    element, column = element_words(needs.model, pick.element)
    chosen = [by_id[name] for name in pick.measures if name in by_id]
    return PickChoices(pick, element, column, [(who, rows) for who, rows in groups if rows], chosen)

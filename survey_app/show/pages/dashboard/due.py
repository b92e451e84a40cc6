"""What is due: everything the reader of a Monday is asked for, gathered in one place from those who know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from survey_app.know.evidence.heads import missing_targets
from survey_app.know.improvement.actions import reading
from survey_app.know.measures.measures import Measures
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.dashboard.tiles import measure_of
from survey_app.show.pages.dashboard.tree import Tree

MOST = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What those who know are told: whose page it is, and when."""

    session: Session
    tree: Tree
    paths: tuple[str, ...]
    day: dt.date
    measures: Measures


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that waits for somebody."""

    title: str
    place: str
    href: str
    words: str


def missed_targets(asked: Asked) -> Iterator[DueItem]:
    """Give the targets that will be missed as things run now."""
    for head in missing_targets(asked.session, asked.paths, MOST):
        spot, measure = asked.tree.find(head.place_id), measure_of(head.measure_id, asked.measures)
        if spot and measure:
            href = url_for("dashboard.series", measure_id=measure.id, place_id=spot.id)
            words = "Even a good week will miss the target. Change how things are done, or the target."
            yield DueItem(measure.title, spot.name, href, words)


def due_actions(asked: Asked) -> Iterator[DueItem]:
    """Give the actions that are overdue or due within a week."""
    for one in reading.due(asked.session, asked.paths, asked.day):
        if spot := asked.tree.find(one.action.place_id):
            href, day = url_for("actions.action", action_id=one.action.id), day_words(one.action.due_on)
            late = f"It was due on {day}. Say what became of it, or give it another date."
            yield DueItem(
                one.action.what, spot.name, href, late if one.is_overdue(asked.day) else f"Due on {day}."
            )


SOURCES: tuple[Callable[[Asked], Iterator[DueItem]], ...] = (due_actions, missed_targets)
"""Whoever has something due adds a function here: a fixed number of queries each, whatever is found."""


def gather_due(asked: Asked) -> list[DueItem]:
    """Return everything due, in the order of the sources."""
    return [item for source in SOURCES for item in source(asked)]

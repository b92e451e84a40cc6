"""The logic model, or another framework, with its evidence by kind of source, or an honest nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from survey_app.know.measures.frameworks import Framework, Group, Stage
from survey_app.show.pages.dashboard.sources import Found, SourceKind, SourceTile


@dataclass(frozen=True, slots=True)
class Subject:
    """What evidence is about: an element, or a single measure that a framework names."""

    id: str
    title: str
    is_element: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """One subject with a tile for each kind that has a figure, and the names of the kinds that have none."""

    subject: Subject
    tiles: list[SourceTile]
    unanswered: list[str]
    unmeasured: list[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """One box with its evidence."""

    group: Group
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Stack:
    """One column with its boxes."""

    stage: Stage
    panels: list[Panel]


def subjects_of(framework: Framework) -> tuple[str, ...]:
    """Return the ids of everything a framework shows evidence for, each once."""
    groups = (group for stage in framework.stages for group in stage.groups)
    return tuple(dict.fromkeys(subject.id for group in groups for subject in _subjects(group)))


def stacks(framework: Framework, found: list[Found]) -> list[Stack]:
    """Lay a place's evidence out on a framework."""
    return [
        Stack(stage, [Panel(group, list(_evidence(_subjects(group), found))) for group in stage.groups])
        for stage in framework.stages
    ]


def newest(laid_out: list[Stack]) -> dt.date | None:
    """Return the last day of the newest figure."""
    shown = (one for stack in laid_out for panel in stack.panels for one in panel.evidence)
    return max((tile.until for one in shown for tile in one.tiles if tile.until), default=None)


def _subjects(group: Group) -> list[Subject]:
    elements = [Subject(element.id, element.title, is_element=True) for element in group.elements]
    return elements + [Subject(measure.id, measure.title, is_element=False) for measure in group.measures]


def _evidence(subjects: Iterable[Subject], found: list[Found]) -> Iterator[Evidence]:
    order = list(SourceKind)
    for subject in subjects:
        tiles = [tile for one in found for tile in one.tiles.get(subject.id, [])]
        measured = {kind for one in found for kind in one.measured.get(subject.id, ())}
        answered = {tile.kind for tile in tiles}
        yield Evidence(
            subject,
            sorted(tiles, key=lambda tile: order.index(tile.kind)),
            [kind.value for kind in order if kind in measured - answered],
            [kind.value for kind in order if kind not in measured | answered],
        )

"""Stories: changes that are one and the same thing, told once with the strongest in front."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from flask import url_for

from survey_app.know.evidence.heads import Head
from survey_app.know.measures.measures import Measure, MeasureKind, Measures
from survey_app.show.pages.dashboard.tiles import Tile, measure_of
from survey_app.show.pages.dashboard.tree import Spot, Tree


@dataclass(frozen=True, slots=True)
class Change:
    """A series that changed, with its place and measure."""

    head: Head
    place: Spot
    measure: Measure


@dataclass(frozen=True, slots=True)
class Story:
    """One change in front and those that say the same: of the same question, above or below its place."""

    lead: Change
    also: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Way:
    """One thing a reader can do about a change."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """A story as the page shows it."""

    tile: Tile
    also: list[Way]
    ways: list[Way]


def look(tile: Tile) -> Way:
    """Offer the chart."""
    return Way("Look at the chart", tile.href)


WAYS: tuple[Callable[[Tile], Way], ...] = (look,)
"""What can be done about a change; whoever has more to offer adds a function here."""


def changes_of(heads: Iterable[Head], tree: Tree, measures: Measures) -> Iterator[Change]:
    """Give the changes of places and measures that are known, in their order."""
    for head in heads:
        place, measure = tree.find(head.place_id), measure_of(head.measure_id, measures)
        if place and measure:
            yield Change(head, place, measure)


def stories_of(changes: Iterable[Change]) -> list[Story]:
    """Put changes together that tell the same; the first of each stays in front."""
    stories: list[Story] = []
    for change in changes:
        same = next((story for story in stories if _tells_the_same(story.lead, change)), None)
        if same:
            same.also.append(change)
        else:
            stories.append(Story(change))
    return stories


def _tells_the_same(lead: Change, other: Change) -> bool:
    nested = lead.place.path.startswith(other.place.path) or other.place.path.startswith(lead.place.path)
    return nested and lead.head.state is other.head.state and _question(lead) == _question(other)


def _question(change: Change) -> tuple[str, ...]:
    # The mean and the most positive answers of an item are two looks at the same answers.
    measure = change.measure
    single = measure.kind in {MeasureKind.ITEM_MEAN, MeasureKind.TOP_SHARE}
    return measure.items if single else (measure.id,)


def also_of(story: Story) -> list[Way]:
    """Name what else tells the same story."""
    return [Way(_named(other, story.lead), _address(other)) for other in story.also]


def _named(other: Change, lead: Change) -> str:
    of_the_place = "" if other.place.id == lead.place.id else other.place.name
    of_the_measure = "most positive answers" if other.measure.kind is MeasureKind.TOP_SHARE else ""
    return ", ".join(part for part in (of_the_place, of_the_measure) if part) or other.measure.title


def _address(change: Change) -> str:
    return url_for("dashboard.series", measure_id=change.measure.id, place_id=change.place.id)

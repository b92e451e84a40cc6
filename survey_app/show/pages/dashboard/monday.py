"""The Monday page: what it asks for, what changed, what chance explains, who is not heard, what is due."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.know.evidence.changes import Tally, changes, is_counting, tally
from survey_app.know.evidence.hearing import Hearing, Quiet, quiet
from survey_app.know.measures.measures import MeasureKind, Measures
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.icon import Tone
from survey_app.show.charts.phrases import chance_words
from survey_app.show.pages.dashboard.due import Asked, DueItem, gather_due
from survey_app.show.pages.dashboard.stories import Story, Told, also_of, changes_of, stories_of, ways
from survey_app.show.pages.dashboard.tiles import Tile, tiles_of
from survey_app.show.pages.dashboard.tree import Spot, Tree

MOST_CHANGES, MOST_STORIES, MOST_PLACES = 60, 10, 8
FIRST_DAYS = "People are answering: the first figures are being counted."
MARGIN = 3
"""Standard deviations of a Poisson count."""
TONES = {Tone.BETTER: "it got better", Tone.WORSE: "it got worse", Tone.CHANGED: "it changed"}


@dataclass(frozen=True, slots=True)
class Unheard:
    """A place of which too little is heard."""

    place: Spot
    hearing: Hearing
    quiet: Quiet
    when: str


@dataclass(frozen=True, slots=True)
class Monday:
    """Everything the Monday page shows."""

    answer: str
    until: str
    is_counting: bool
    tally: Tally
    by_chance: str
    fresh: list[Told]
    lasting: list[Told]
    n_more: int
    unheard: list[Unheard]
    n_more_unheard: int
    due: list[DueItem]


def monday(session: Session, tree: Tree, paths: tuple[str, ...], measures: Measures, day: dt.date) -> Monday:
    """Gather the page in a fixed number of queries."""
    counted = tally(session, paths, apart=measures.records)
    first = counted.latest_to is None and is_counting(session, paths, apart=measures.records)
    heads = changes(session, paths, MOST_CHANGES, apart=measures.records)
    stories = stories_of(changes_of(heads, tree, measures))
    told = _told(session, stories[:MOST_STORIES], tree, measures)
    unheard = _unheard(session, tree, paths, measures, day)
    due = gather_due(Asked(session, tree, paths, day, measures))
    return Monday(
        answer=FIRST_DAYS if first else answer(counted, told, len(unheard), len(due)),
        is_counting=first,
        until=day_words(counted.latest_to) if counted.latest_to else "",
        tally=counted,
        by_chance=chance_words(counted.by_chance),
        fresh=[one for one in told if one.tile.is_new],
        lasting=[one for one in told if not one.tile.is_new],
        n_more=max(0, len(stories) - MOST_STORIES),
        unheard=unheard[:MOST_PLACES],
        n_more_unheard=max(0, len(unheard) - MOST_PLACES),
        due=due,
    )


def answer(counted: Tally, told: Sequence[Told], n_unheard: int, n_due: int) -> str:
    """Say in one sentence what the page wants of its reader."""
    if counted.latest_to is None:
        return "There are no figures yet."
    if told:
        tile = told[0].tile
        first = f"{tile.measure.title} in {tile.place.name}: {TONES[tile.icon.tone]}."
        return f"{'Look first at' if is_many(counted) else 'Nothing is urgent; with time, look at'} {first}"
    if n_due:
        return "No figure needs you this week, but something is due."
    return "Hear more people: no figure needs you this week." if n_unheard else "Nothing needs you this week."


def is_many(counted: Tally) -> bool:
    """Tell whether more charts are marked than chance gives; charts share answers, hence the wide margin."""
    return counted.n_flagged > counted.by_chance + MARGIN * math.sqrt(counted.by_chance)


def _told(session: Session, stories: Sequence[Story], tree: Tree, measures: Measures) -> list[Told]:
    tiles = tiles_of(session, [story.lead.head for story in stories], tree, measures)
    by_key: dict[tuple[str, str], Tile] = {(tile.measure.id, tile.place.id): tile for tile in tiles}
    found = []
    for story in stories:
        tile = by_key.get((story.lead.measure.id, story.lead.place.id))
        if tile:
            found.append(Told(tile, also_of(story), ways(tile)))
    return found


def _unheard(
    session: Session, tree: Tree, paths: tuple[str, ...], measures: Measures, day: dt.date
) -> list[Unheard]:
    replies = [measure.id for measure in measures.all() if measure.kind is MeasureKind.REPLIES]
    found = quiet(session, paths, replies, day)
    spots = ((tree.find(one.place_id), one) for one in found)
    return [Unheard(spot, one.hearing, one, day_words(one.latest_to)) for spot, one in spots if spot]

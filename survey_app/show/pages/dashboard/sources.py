"""Evidence for an element by the kind of source it comes from; kinds are shown apart and never averaged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.know.evidence import heads
from survey_app.know.evidence.climate.readers import Withheld, rollups_at
from survey_app.know.evidence.climate.result import Rollup
from survey_app.know.evidence.heads import Head
from survey_app.know.evidence.panels.store import Opinion, panels_at
from survey_app.know.measures.measures import Measure, MeasureKind, Measures
from survey_app.show.charts.climate_words import KEPT
from survey_app.show.charts.climate_words import points_words as team_points
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.panel_words import points_words
from survey_app.show.pages.dashboard.tiles import Tile, tiles_of
from survey_app.show.pages.dashboard.tree import Spot, Tree

_HEADLINES = (MeasureKind.ITEM_MEAN, MeasureKind.SCALE, MeasureKind.RECORD)


OLD_PANEL = dt.timedelta(days=400)
"""Panels judge once or twice a year."""


class SourceKind(StrEnum):
    """Where evidence comes from, in the order shown; the value is its name for people."""

    USERS = "People"
    CARERS = "Carers"
    STAFF = "Staff"
    RECORDS = "Records"
    SELF_ASSESSMENT = "Self-assessment"
    TEAMS = "Staff teams"


AUDIENCES: dict[Audience | None, SourceKind] = {
    Audience.USER: SourceKind.USERS,
    Audience.CARER: SourceKind.CARERS,
    Audience.STAFF: SourceKind.STAFF,
    None: SourceKind.RECORDS,
}


_ASKED = frozenset({SourceKind.USERS, SourceKind.CARERS, SourceKind.STAFF})
"""Whose figures all have one scale."""


@dataclass(frozen=True, slots=True)
class SourceTile:
    """The nearest evidence of one kind; the value is empty where it is withheld."""

    kind: SourceKind
    title: str
    href: str
    value: str
    unit: str
    amount: str
    when: str
    until: dt.date | None
    stale: bool
    words: str
    sign: Markup
    spark: Markup
    assured: str = ""
    shield: Markup = Markup()  # noqa: RUF009 - immutable

    @property
    def small_print(self) -> str:
        """Return what stands under the value: how many answered, or of what it is where that differs."""
        return self.amount if self.kind in _ASKED else self.unit or self.amount


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a provider is asked: evidence at one place for ids of elements or of single measures.

    `read` are the waves of teams whose own report the reader may read.
    """

    session: Session
    spot: Spot
    tree: Tree
    day: dt.date
    measures: Measures
    subjects: tuple[str, ...]
    read: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a provider has: kinds with a measure, and their tiles, by subject."""

    measured: Mapping[str, frozenset[SourceKind]]
    tiles: Mapping[str, list[SourceTile]]


Provider = Callable[[Wanted], Found]


def surveys(wanted: Wanted) -> Found:
    """Give what users, carers and staff answered: for each kind the measure nearest to a subject."""
    here = {head.measure_id: head for head in heads.at_place(wanted.session, wanted.spot.id)}
    candidates = {subject: _candidates(subject, wanted.measures) for subject in wanted.subjects}
    chosen = {subject: _nearest(found, here) for subject, found in candidates.items()}
    needed = {head.measure_id: head for found in chosen.values() for head in found}
    tiles = {
        tile.measure.id: survey_tile(tile, wanted.day)
        for tile in tiles_of(wanted.session, needed.values(), wanted.tree, wanted.measures)
    }
    return Found(
        {subject: frozenset(AUDIENCES[m.audience] for m in found) for subject, found in candidates.items()},
        {
            subject: [tiles[head.measure_id] for head in found if head.measure_id in tiles]
            for subject, found in chosen.items()
        },
    )


def panels(wanted: Wanted) -> Found:
    """Give what panels of named officials judged: for each subject the question nearest to it."""
    found = panels_at(wanted.session, wanted.spot.id)
    here = {subject: found[subject][0] for subject in wanted.subjects if subject in found}
    return Found(
        {subject: frozenset({SourceKind.SELF_ASSESSMENT}) for subject in here},
        {subject: [panel_tile(one, wanted)] for subject, one in here.items()},
    )


def teams(wanted: Wanted) -> Found:
    """Give what all staff teams of the place said together: for each subject the statement nearest to it."""
    nearest: dict[str, tuple[int, Rollup | Withheld, str]] = {}
    for one in rollups_at(wanted.session, wanted.spot.id, wanted.read):
        for item_id in one.subjects:
            for rank, element in enumerate(_speaks_to(item_id, wanted.measures)):
                if element in wanted.subjects and rank < nearest.get(element, (rank + 1,))[0]:
                    nearest[element] = (rank, one, item_id)
    return Found(
        {subject: frozenset({SourceKind.TEAMS}) for subject in nearest},
        {subject: [team_tile(one, item_id, wanted)] for subject, (_, one, item_id) in nearest.items()},
    )


PROVIDERS: tuple[Provider, ...] = (surveys, panels, teams)
"""Whoever has evidence of another kind adds a function here: a fixed number of queries each."""


def survey_tile(tile: Tile, day: dt.date) -> SourceTile:
    """Return a series' tile as evidence."""
    return SourceTile(
        kind=AUDIENCES[tile.measure.audience],
        title=tile.measure.title,
        href=tile.href,
        value=tile.value,
        unit=tile.unit,
        amount=f"{tile.n:,} {tile.counted}" if tile.n is not None else "",
        when=tile.when,
        until=tile.face.latest_to,
        stale=tile.stale(day),
        words=tile.icon.words,
        sign=tile.sign,
        spark=tile.spark,
        assured=tile.face.assured,
        shield=tile.face.shield,
    )


def panel_tile(one: Opinion, wanted: Wanted) -> SourceTile:
    """Return what a panel judged as evidence."""
    result, judged = one.result, one.judged
    return SourceTile(
        kind=SourceKind.SELF_ASSESSMENT,
        title=judged.title,
        href=url_for("dashboard.panel", instrument_id=result.instrument, place_id=result.place),
        value=points_words(judged.median),
        unit="of 5",
        amount=f"{judged.n} people",
        when=day_words(result.closed_on),
        until=result.closed_on,
        stale=wanted.day - result.closed_on > OLD_PANEL,
        words="The panel is split" if judged.split else "The panel is not split",
        sign=Markup(),
        spark=Markup(),
    )


def team_tile(one: Rollup | Withheld, item_id: str, wanted: Wanted) -> SourceTile:
    """Return what staff teams said together as evidence, or that this reader is not shown it."""
    is_kept = isinstance(one, Withheld)
    return SourceTile(
        kind=SourceKind.TEAMS,
        title=next(m.title for m in wanted.measures.all() if m.id == f"{item_id}.mean"),
        href=url_for("dashboard.place", place_id=one.place, _anchor="teams"),
        value="Not shown" if isinstance(one, Withheld) else team_points(one.subjects[item_id]),
        unit="" if is_kept else "of 100",
        amount="" if isinstance(one, Withheld) else f"{one.n_teams} teams, {one.n_people}+ people",
        when=day_words(one.closed_on),
        until=one.closed_on,
        stale=wanted.day - one.closed_on > OLD_PANEL,
        words=KEPT if is_kept else "All staff teams together, asked once or twice a year",
        sign=Markup(),
        spark=Markup(),
    )


def headline_measures(element_id: str, measures: Measures) -> list[Measure]:
    """Return the means and scales that speak to an element, those that have it as their first one first."""
    rows = {m.id: m for m in measures.for_element(element_id) if m.kind in _HEADLINES}
    return list(rows.values())


def gather(wanted: Wanted, providers: Iterable[Provider]) -> list[Found]:
    """Ask every provider."""
    return [provider(wanted) for provider in providers]


@lru_cache(maxsize=512)  # measures never change while a process runs
def _speaks_to(item_id: str, measures: Measures) -> tuple[str, ...]:
    found = (m.elements for m in measures.all() if m.id == f"{item_id}.mean")
    return next(found, ())


@lru_cache(maxsize=512)  # measures never change while a process runs
def _candidates(subject: str, measures: Measures) -> tuple[Measure, ...]:
    found = headline_measures(subject, measures) or [m for m in measures.all() if m.id == subject][-1:]
    return tuple(found)


def _nearest(candidates: tuple[Measure, ...], here: Mapping[str, Head]) -> list[Head]:
    found = []
    for audience in (*Audience, None):
        nearest = next((m for m in candidates if m.audience is audience and m.id in here), None)
        found += [here[nearest.id]] if nearest else []
    return found

"""Evidence for an element by the kind of source it comes from; kinds are shown apart and never averaged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.know.evidence import heads
from survey_app.know.evidence.heads import Head
from survey_app.know.measures.measures import Measure, MeasureKind, Measures
from survey_app.show.pages.dashboard.tiles import Tile, tiles_of
from survey_app.show.pages.dashboard.tree import Spot, Tree

_HEADLINES = (MeasureKind.ITEM_MEAN, MeasureKind.SCALE)


class SourceKind(StrEnum):
    """Where evidence comes from, in the order shown; the value is its name for people."""

    USERS = "People"
    CARERS = "Carers"
    STAFF = "Staff"
    RECORDS = "Records"
    SELF_ASSESSMENT = "Self-assessment"


AUDIENCES = {
    Audience.USER: SourceKind.USERS,
    Audience.CARER: SourceKind.CARERS,
    Audience.STAFF: SourceKind.STAFF,
}


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a provider is asked: evidence at one place for ids of elements or of single measures."""

    session: Session
    spot: Spot
    tree: Tree
    day: dt.date
    measures: Measures
    subjects: tuple[str, ...]


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


PROVIDERS: tuple[Provider, ...] = (surveys,)
"""Whoever has evidence of another kind adds a function here: a fixed number of queries each."""


def survey_tile(tile: Tile, day: dt.date) -> SourceTile:
    """Return a series' tile as evidence."""
    return SourceTile(
        kind=AUDIENCES[tile.measure.audience],
        title=tile.measure.title,
        href=tile.href,
        value=tile.value,
        unit=tile.unit,
        amount=f"{tile.n} answers" if tile.n is not None else "",
        when=tile.when,
        until=tile.face.latest_to,
        stale=tile.stale(day),
        words=tile.icon.words,
        sign=tile.sign,
        spark=tile.spark,
        assured=tile.face.assured,
        shield=tile.face.shield,
    )


def headline_measures(element_id: str, measures: Measures) -> list[Measure]:
    """Return the means and scales that speak to an element, those that have it as their first one first."""
    rows = {m.id: m for m in measures.for_element(element_id) if m.kind in _HEADLINES}
    return list(rows.values())


def gather(wanted: Wanted, providers: Iterable[Provider]) -> list[Found]:
    """Ask every provider."""
    return [provider(wanted) for provider in providers]


@lru_cache(maxsize=512)  # measures never change while a process runs
def _candidates(subject: str, measures: Measures) -> tuple[Measure, ...]:
    found = headline_measures(subject, measures) or [m for m in measures.all() if m.id == subject][-1:]
    return tuple(found)


def _nearest(candidates: tuple[Measure, ...], here: Mapping[str, Head]) -> list[Head]:
    found = []
    for audience in Audience:
        nearest = next((m for m in candidates if m.audience is audience and m.id in here), None)
        found += [here[nearest.id]] if nearest else []
    return found

"""What a person's letter tells: the week's changes at their places, strongest first; nothing withheld."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn, may_see
from survey_app.ask.population.places import all_places
from survey_app.know.disclosure.groups import groups_on
from survey_app.know.evidence import store
from survey_app.know.evidence.changes import changes, tally
from survey_app.know.evidence.heads import documents
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import Measure, MeasureKind, Measures, UnknownMeasure
from survey_app.show.charts.alt import alt_text
from survey_app.show.charts.dates import span_words
from survey_app.show.charts.icon import TOO_FEW, Tone, icon_of

LOOKED_AT, MOST = 30, 6
Names = dict[str, str]
"""Of places and neighbour groups, by id."""
WORDS = {Tone.BETTER: "Better", Tone.WORSE: "Worse"}


@dataclass(frozen=True, slots=True)
class Change:
    """One chart whose newest figure chance does not explain."""

    measure_id: str
    place_id: str
    title: str
    place: str
    word: str
    summary: str
    alt: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class News:
    """Everything one letter tells."""

    week: str
    n_charts: int
    n_flagged: int
    by_chance: float
    changes: tuple[Change, ...]
    unheard: tuple[str, ...]

    @property
    def lead(self) -> Change | None:
        """Return the change that comes first."""
        return self.changes[0] if self.changes else None


def gather(session: Session, person: SignedIn, measures: Measures, day: dt.date) -> News | None:
    """Gather a person's week in a fixed number of queries; None where their places have no figure yet."""
    names = _names(session, person, day)
    counted = [measure.id for measure in measures.all() if measure.kind is MeasureKind.REPLIES]
    replies = store.for_measures(session, counted, person.paths)
    latest = max((one.latest for one in replies if one.latest), key=lambda point: point.end, default=None)
    if latest is None:
        return None
    counts = tally(session, person.paths, apart=measures.records)
    unheard = dict.fromkeys(names[s.place] for s in replies if s.place in names and icon_of(s) is TOO_FEW)
    return News(
        week=span_words(latest.start, latest.end),
        n_charts=counts.n_charts,
        n_flagged=counts.n_flagged,
        by_chance=counts.by_chance,
        changes=_changes(session, person, names, measures),
        unheard=tuple(unheard),
    )


def _names(session: Session, person: SignedIn, day: dt.date) -> Names:
    places = [(one.id, one.name, one.path) for one in all_places(session)]
    groups = [(one.id, one.name, one.path) for one in groups_on(session, day)]
    return {id_: name for id_, name, path in [*places, *groups] if may_see(person, path)}


def _changes(session: Session, person: SignedIn, names: Names, measures: Measures) -> tuple[Change, ...]:
    """Tell of each question at each place once, by its strongest chart."""
    found: dict[tuple[object, str], Change] = {}
    heads = changes(session, person.paths, LOOKED_AT, apart=measures.records)
    series = documents(session, heads)
    for one in heads:
        try:
            measure = measures.get(one.measure_id)
        except UnknownMeasure:
            continue  # no longer kept
        if one.place_id in names:
            document = series[one.measure_id, one.place_id]
            change = _change(document, measure, names[one.place_id], is_new=one.is_new)
            found.setdefault((measure.items or measure.id, one.place_id), change)
    return tuple(found.values())[:MOST]


def _change(series: Series, measure: Measure, place: str, *, is_new: bool) -> Change:
    return Change(
        measure_id=series.measure,
        place_id=series.place,
        title=measure.title,
        place=place,
        word=WORDS.get(icon_of(series).tone, "Changed"),
        summary=series.summary,
        alt=alt_text(series),
        is_new=is_new,
    )

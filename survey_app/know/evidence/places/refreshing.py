"""Making the findings of quarters that were released since. Only jobs load this module."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.population.breakdown import Breakdown
from survey_app.database import upsert_all
from survey_app.know.disclosure.dispositions import Asked, asked
from survey_app.know.disclosure.quarter_sums import (
    ItemCounts,
    Stream,
    released_quarters,
)
from survey_app.know.disclosure.tables import PEOPLE, Quarter, QuarterFigure, QuarterKind, Release
from survey_app.know.evidence.places.answering import Crowd, who_answered
from survey_app.know.evidence.places.comparing import Entrant, compare
from survey_app.know.evidence.places.figuring import Yardstick
from survey_app.know.evidence.places.grouping import Groups, contrast
from survey_app.know.evidence.places.released import ReleasedQuarter, read_quarter
from survey_app.know.evidence.places.tables import FindingKind, StoredFinding
from survey_app.know.measures.measures import Measure, MeasureKind, Measures

Row = dict[str, Any]
KEY = ["kind", "measure_id", "place_id", "quarter"]
FEWEST_LOCALITIES = 2


def refresh_findings(
    session: Session, library: Library, measures: Measures, breakdown: Breakdown
) -> list[Row]:
    """Make every finding whose quarter has been released since it was stored.

    Parameters
    ----------
    session : Session
        A reading session.
    library : Library
        Instruments.
    measures : Measures
        What to compute.
    breakdown : Breakdown
        As declared now: whether its order means something.

    Returns
    -------
    list of dict
        Rows for `save_findings`. Who answered is told once, with the first release of a quarter. Where two
        versions give a measure in a quarter, the newer one's, as with series.
    """
    rows: list[Row] = []
    stored, tokens = _stored(session), _tokens(session)
    for stream, start, release_id, mine in _newest_versions(session, measures):
        token = tokens[release_id]
        if not mine or any((measure.id, start, token) in stored for measure in mine):
            continue
        try:
            instrument = library.get(stream.instrument_id, stream.instrument_version)
        except UnknownInstrument:
            continue
        quarter = read_quarter(session, stream, start, token, breakdown)
        for measure in mine:
            if measure.items:
                rows += _of_measure(quarter, Yardstick(measure, instrument))
            elif measure.kind is not MeasureKind.REPLIES:
                continue  # how people answered has weekly figures only
            elif (measure.id, start, "") not in stored and not _is_retired(session, stream, start):
                here = asked(session, stream, start, quarter.map.unit_of, n_items=len(instrument.items))
                rows += _who_answered(quarter, measure, here)
    return rows


def save_findings(session: Session, rows: list[Row]) -> None:
    """Store findings, each in place of the one before.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    rows : list of dict
        From `refresh_findings`.
    """
    upsert_all(session, StoredFinding, rows, key=KEY)


def _newest_versions(
    session: Session, measures: Measures
) -> Iterator[tuple[Stream, dt.date, int, list[Measure]]]:
    taken: set[tuple[str, dt.date]] = set()
    for (stream, start), release_id in sorted(released_quarters(session).items(), reverse=True):
        mine = [
            measure
            for measure in measures.for_instrument(stream.instrument_id, stream.instrument_version)
            if measure.audience is stream.audience and (measure.id, start) not in taken
        ]
        taken |= {(measure.id, start) for measure in mine}
        yield stream, start, release_id, mine


def _stored(session: Session) -> set[tuple[str, dt.date, str]]:
    columns = (StoredFinding.measure_id, StoredFinding.quarter, StoredFinding.release, StoredFinding.kind)
    found = session.connection().execute(sa.select(*columns).distinct())
    return {(row[0], row[1], "" if row[3] is FindingKind.ANSWERED else row[2]) for row in found}


def _tokens(session: Session) -> dict[int, str]:
    used = sa.select(QuarterFigure.release_id).distinct()
    query = sa.select(Release.id, Release.token).where(Release.id.in_(used))
    return {row.id: row.token for row in session.connection().execute(query)}


def _is_retired(session: Session, stream: Stream, start: dt.date) -> bool:
    # Raw answers are gone: everybody would look as if they had not answered.
    state = session.get(Quarter, (*stream, start))
    return state is None or state.retired


def _of_measure(quarter: ReleasedQuarter, yardstick: Yardstick) -> Iterator[Row]:
    measure = yardstick.measure
    if yardstick.has_spread:
        for parent, localities in quarter.map.parents().items():
            if len(localities) >= FEWEST_LOCALITIES:
                document = compare(yardstick, _entrants(quarter, measure, localities))
                yield _row(FindingKind.COMPARISON, quarter, measure, parent, document)
    counts, weighted = quarter.counts(QuarterKind.CATEGORY), quarter.counts(QuarterKind.WEIGHTED)
    effective = {
        row.place_id: row.n_effective
        for row in quarter.of_kind(QuarterKind.WEIGHTED)
        if row.item_id == measure.items[0]
    }
    for parent in dict.fromkeys(row.place_id for row in quarter.figures if row.kind is QuarterKind.CATEGORY):
        groups = Groups(
            order=quarter.order,
            ordered=quarter.ordered,
            counts={category: found for (place_id, category), found in counts.items() if place_id == parent},
            residents=quarter.residents_of(parent),
            weighted=weighted.get((parent, "")),
            n_effective=effective.get(parent),
        )
        yield _row(FindingKind.EQUITY, quarter, measure, parent, contrast(yardstick, groups))


def _entrants(quarter: ReleasedQuarter, measure: Measure, localities: list[str]) -> list[Entrant]:
    alone, grouped = quarter.weeks, quarter.counts(QuarterKind.PLACE)
    item_id = measure.items[0]

    def figure_of(one: str) -> ItemCounts | None:
        found = grouped.get((one, "")) if one in quarter.map.groups else alone.get(one)
        return found if found and found.get(item_id) else None

    entrants: list[Entrant] = []
    for one in localities:
        group = quarter.map.groups.get(one)
        members = [other for other in localities if group and quarter.map.groups.get(other) == group]
        if group and not any(figure_of(other) for other in members):
            # None of the group may be shown by itself: it stands for them, as it does every week.
            if one == members[0]:
                entrants.append(
                    Entrant(group, alone.get(group) if alone.get(group, {}).get(item_id) else None)
                )
            continue
        entrants.append(Entrant(one, figure_of(one)))
    return entrants


def _who_answered(quarter: ReleasedQuarter, measure: Measure, here: Mapping[str, Asked]) -> Iterator[Row]:
    answers: dict[str, dict[str, dict[str, int]]] = {}
    for row in quarter.of_kind(QuarterKind.CATEGORY):
        answers.setdefault(row.place_id, {}).setdefault(row.item_id, {})[row.category] = row.n_valid
    parents = quarter.map.parents()
    below = {parent: {quarter.map.unit_of(one) for one in ones} for parent, ones in parents.items()}
    units = {quarter.map.unit_of(one): {quarter.map.unit_of(one)} for one in quarter.map.paths}
    for place_id, members in (below | units).items():
        crowd = Crowd(
            replies=int(quarter.weeks.get(place_id, {}).get(PEOPLE, {}).get(0, 0)),
            asked={unit: here[unit] for unit in sorted(members) if unit in here},
            order=quarter.order if place_id in parents else (),
            answers=answers.get(place_id, {}),
            residents=quarter.residents_of(place_id),
        )
        yield _row(FindingKind.ANSWERED, quarter, measure, place_id, who_answered(crowd))


def _row(kind: FindingKind, quarter: ReleasedQuarter, measure: Measure, place_id: str, document: Row) -> Row:
    return {
        "kind": kind,
        "measure_id": measure.id,
        "place_id": place_id,
        "quarter": quarter.start,
        "release": quarter.release,
        "document": json.dumps(document, separators=(",", ":")),
    }

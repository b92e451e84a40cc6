"""Computing anew the series whose released figures have changed. Only jobs load this module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Audience
from survey_app.know.disclosure.groups import in_scope
from survey_app.know.disclosure.tables import Release, Told
from survey_app.know.evidence.building import Beside, build
from survey_app.know.evidence.figures import BinFigures, first_bins, from_first_counted, released, values
from survey_app.know.evidence.mode_shifts import mode_shifts
from survey_app.know.evidence.series import Series, Version
from survey_app.know.evidence.summary import ANOTHER_WAY, day_in_full
from survey_app.know.evidence.tables import StoredSeries
from survey_app.know.improvement.marks import Mark, in_order
from survey_app.know.improvement.steering import Steering, Steerings
from survey_app.know.measures.measures import Measure, Measures


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from, the release that changed them last, and the last day told of."""

    place_id: str
    instrument_id: str
    version: int
    audience: Audience
    release: str
    last: dt.date


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A measure to compute, and what people steer its series by."""

    measure: Measure
    steering: Steering


@dataclass(frozen=True, slots=True)
class _Shown:
    """Release and revision of each stored series; what people steer series by now; where places stand."""

    editions: Mapping[tuple[str, str], tuple[str, str]]
    steerings: Steerings
    paths: Mapping[str, str]


def stale_series(session: Session, library: Library, measures: Measures) -> list[Series]:
    """Return anew every series whose figures, target, rebases or marks have changed since it was stored.

    Parameters
    ----------
    session : Session
        Any session; nothing is written.
    library : Library
        Instruments.
    measures : Measures
        What to compute.

    Returns
    -------
    list of Series
        Where two versions give a measure at a place, the newer one's: new wording breaks the series.
    """
    shown = _Shown(stored_editions(session), Steerings(session), place_paths(session))
    sources = _sources(session)
    newest: set[tuple[str, str]] = set()
    wordings: dict[tuple[str, str, Audience], list[Source]] = {}
    for source in sources:
        wordings.setdefault((source.place_id, source.instrument_id, source.audience), []).append(source)
    series: list[Series] = []
    for source in sources:
        wanted = [
            measure
            for measure in measures.for_instrument(source.instrument_id, source.version)
            if measure.audience is source.audience and (measure.id, source.place_id) not in newest
        ]
        newest |= {(measure.id, source.place_id) for measure in wanted}
        others = wordings[source.place_id, source.instrument_id, source.audience]
        earlier = [other for other in others if other.version < source.version]
        series += _computed(session, library, (source, *earlier), list(_stale(shown, source, wanted)))
    return series


def _stale(shown: _Shown, source: Source, measures: Iterable[Measure]) -> Iterator[_Wanted]:
    path = shown.paths.get(source.place_id, "")
    for measure in measures:
        steering = shown.steerings.of(measure.id, source.place_id, path)
        if shown.editions.get((measure.id, source.place_id)) != (source.release, steering.revision):
            yield _Wanted(measure, steering)


def _computed(
    session: Session, library: Library, sources: tuple[Source, ...], stale: list[_Wanted]
) -> list[Series]:
    if not stale:
        return []
    source = sources[0]
    instrument = library.get(source.instrument_id, source.version)
    bins = released(session, source.place_id, instrument, source.audience)
    versions = _versions(session, sources, bins)
    shifts = [shift.mark for shift in mode_shifts(bins)]
    found = []
    for one in stale:
        own = from_first_counted(one.measure.kind, bins)
        figures = list(values(one.measure, instrument, own))
        beside = Beside(one.steering, versions)
        series = build(one.measure, source.place_id, source.release, own, figures, beside)
        found.append(_marked(series, one.measure, shifts))
    return found


def _marked(series: Series, measure: Measure, shifts: list[Mark]) -> Series:
    # How people answered can move what they said, and neither their number nor itself.
    if not measure.items:
        return series
    marked = replace(series, marks=in_order([*series.marks, *shifts]))
    if marked.answered_otherwise is None:
        return marked
    doubt = ANOTHER_WAY.format(day=day_in_full(marked.answered_otherwise))
    return replace(marked, summary=f"{marked.summary} {doubt}")


def _versions(session: Session, sources: tuple[Source, ...], bins: list[BinFigures]) -> tuple[Version, ...]:
    if not bins:
        return ()
    source, *earlier = sources
    found = [Version(source.version, bins[0].start, source.last)]
    if earlier:
        firsts = first_bins(session, source.place_id, source.instrument_id, source.audience)
        found += [
            Version(one.version, firsts[one.version], one.last) for one in earlier if one.version in firsts
        ]
    return tuple(found)


def stored_editions(session: Session) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the release and the revision at which each series is stored.

    Parameters
    ----------
    session : Session
        Any session.

    Returns
    -------
    dict of (str, str) to (str, str)
        By measure id and place id.
    """
    query = sa.select(
        StoredSeries.measure_id, StoredSeries.place_id, StoredSeries.release, StoredSeries.revision
    )
    return {
        (row.measure_id, row.place_id): (row.release, row.revision)
        for row in session.connection().execute(query)
    }


def place_paths(session: Session) -> dict[str, str]:
    """Return the path of every place and neighbour group.

    Parameters
    ----------
    session : Session
        Any session.

    Returns
    -------
    dict of str to str
        By id.
    """
    everywhere = in_scope(("/",))
    return {
        row.id: row.path
        for row in session.connection().execute(sa.select(everywhere.c.id, everywhere.c.path))
    }


def _sources(session: Session) -> list[Source]:
    query = (
        sa.select(
            Told.place_id,
            Told.instrument_id,
            Told.instrument_version,
            Told.audience,
            Told.bin_end,
            Release.token,
        )
        .join(Release, Release.id == Told.release_id)
        .order_by(Told.instrument_id, Told.instrument_version.desc(), Told.place_id)
    )
    return [
        Source(row.place_id, row.instrument_id, row.instrument_version, row.audience, row.token, row.bin_end)
        for row in session.connection().execute(query)
    ]

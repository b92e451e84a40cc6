"""Spots: where figures stand, and which of them newly closed blocks and ended bins touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.clock import week_of
from survey_app.know.aggregation.closing import Closed
from survey_app.know.aggregation.periods import Bin, bin_of
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.units import Units
from survey_app.know.disclosure.tables import PEOPLE, Figure, Told


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """One place and bin of one stream: a unit (locality or group) has blocks, a parent unites them."""

    stream: Stream
    place_id: str
    bin: Bin
    is_unit: bool


def touched(closed: Iterable[Closed], today: dt.date) -> Iterator[Spot]:
    """Yield the spots whose figures change because blocks closed: each block's unit and its parents.

    Parameters
    ----------
    closed : iterable of Closed
        What has just closed.
    today : date
        No parent's week is told before it begins: a long bin's early blocks wait until it does.

    Yields
    ------
    Spot
        Perhaps the same one several times.
    """
    for block in closed:
        yield Spot(block.stream, block.unit_id, Bin(start=block.bin_start, end=block.bin_end), is_unit=True)
        if week_of(block.bin_end) > today:
            continue
        for place_id in block.unit_path.strip("/").split("/")[:-1]:
            yield Spot(block.stream, place_id, bin_of(block.bin_end, 1), is_unit=False)


def ended(session: Session, ended_before: dt.date) -> Iterator[Spot]:
    """Yield the spots that the end of bins changes: provisional figures become final, empty bins become gaps.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    ended_before : date
        Bins whose last day is before this date are over.

    Yields
    ------
    Spot
        Only of places that have had a figure: before the first one there is nothing to interrupt.
    """
    units = Units(session)
    counted = _localities(session) | set(units.groups)
    told = last_told(session)
    for stream, place_id in _going_on(told):
        last = Spot(stream, place_id, told[stream, place_id], is_unit=place_id in counted)
        yield from _missing_after(last, units, ended_before)
    over = sa.and_(Figure.item_id == PEOPLE, Figure.provisional, Figure.bin_end < ended_before)
    for row in session.connection().execute(_OPEN.where(over)):
        stream = Stream(row.instrument_id, row.instrument_version, row.audience)
        yield Spot(stream, row.place_id, Bin(row.bin_end, row.bin_start), is_unit=row.place_id in counted)


_OPEN = sa.select(
    Figure.instrument_id,
    Figure.instrument_version,
    Figure.audience,
    Figure.place_id,
    Figure.bin_start,
    Figure.bin_end,
)


def last_told(session: Session) -> dict[tuple[Stream, str], Bin]:
    """Return the newest bin told of each stream at each place.

    Parameters
    ----------
    session : Session
        Any session.

    Returns
    -------
    dict of (Stream, str) to Bin
        Only places that have had a figure.
    """
    return {
        (Stream(row.instrument_id, row.instrument_version, row.audience), row.place_id): Bin(
            row.bin_end, row.bin_start
        )
        for row in session.connection().execute(sa.select(Told.__table__))
    }


def _going_on(told: Iterable[tuple[Stream, str]]) -> list[tuple[Stream, str]]:
    # A version has ended at a place once a newer one has a figure there: its series stops, without gaps.
    newest: dict[tuple[str, Audience, str], int] = {}
    for stream, place_id in told:
        key = (stream.instrument_id, stream.audience, place_id)
        newest[key] = max(newest.get(key, 0), stream.instrument_version)
    return [
        (stream, place_id)
        for stream, place_id in told
        if newest[stream.instrument_id, stream.audience, place_id] == stream.instrument_version
    ]


def _missing_after(last: Spot, units: Units, ended_before: dt.date) -> Iterator[Spot]:
    day = last.bin.end + dt.timedelta(days=1)
    while not last.is_unit or units.counts_alone(last.place_id, day):
        bin_ = units.bin_of(last.place_id, day) if last.is_unit else bin_of(day, 1)
        if bin_.end >= ended_before:
            return
        yield Spot(last.stream, last.place_id, bin_, last.is_unit)
        day = bin_.end + dt.timedelta(days=1)


def _localities(session: Session) -> set[str]:
    localities = sa.select(Place.id).where(Place.kind == PlaceKind.LOCALITY)
    return set(session.connection().execute(localities).scalars())

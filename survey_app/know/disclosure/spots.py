"""Spots: where figures stand, and which of them newly closed blocks and ended bins touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.clock import week_of
from survey_app.know.aggregation.closing import Closed
from survey_app.know.aggregation.periods import Bin, bin_of
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block
from survey_app.know.aggregation.units import Units
from survey_app.know.disclosure.tables import PEOPLE, Figure


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """One place and bin of one stream: a unit (locality or group) has blocks, a parent unites them."""

    stream: Stream
    place_id: str
    bin: Bin
    is_unit: bool

    def blocks(self) -> sa.ColumnElement[bool]:
        """Return the condition under which a block belongs to this spot.

        Returns
        -------
        sqlalchemy.ColumnElement
            A unit has the blocks of its bin; a parent's week those of every bin below that ends in it.
        """
        mine = self.stream.rows_of(Block)
        if self.is_unit:
            return sa.and_(
                mine,
                Block.unit_id == self.place_id,
                Block.bin_start == self.bin.start,
                Block.bin_end == self.bin.end,
            )
        below = Block.unit_path.contains(f"/{self.place_id}/", autoescape=True)
        return sa.and_(mine, Block.bin_end >= self.bin.start, Block.bin_end <= self.bin.end, below)

    def figures(self) -> sa.ColumnElement[bool]:
        """Return the condition under which a figure stands at this spot.

        Returns
        -------
        sqlalchemy.ColumnElement
            For a `where`.
        """
        return sa.and_(
            self.stream.rows_of(Figure),
            Figure.place_id == self.place_id,
            Figure.bin_start == self.bin.start,
            Figure.bin_end == self.bin.end,
        )


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
    connection = session.connection()
    for row in connection.execute(_LAST.where(Figure.item_id == PEOPLE).group_by(*_STREAM_AND_PLACE)):
        yield from _missing_after(_spot(row, counted), units, ended_before)
    over = sa.and_(Figure.item_id == PEOPLE, Figure.provisional, Figure.bin_end < ended_before)
    for row in connection.execute(_EACH.where(over)):
        yield _spot(row, counted)


_STREAM_AND_PLACE = (Figure.instrument_id, Figure.instrument_version, Figure.audience, Figure.place_id)
_EACH = sa.select(*_STREAM_AND_PLACE, Figure.bin_start, Figure.bin_end)
_LAST = sa.select(
    *_STREAM_AND_PLACE,
    sa.func.max(Figure.bin_start).label("bin_start"),
    sa.func.max(Figure.bin_end).label("bin_end"),
)


def _spot(row: sa.Row[*tuple[Any, ...]], counted: set[str]) -> Spot:
    stream = Stream(row.instrument_id, row.instrument_version, row.audience)
    bin_ = Bin(start=row.bin_start, end=row.bin_end)
    return Spot(stream, row.place_id, bin_, is_unit=row.place_id in counted)


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

"""What whole blocks say at each spot: people and counts, read for many spots at once and asserted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.counts import valid_answers
from survey_app.know.aggregation.periods import Bin, bin_of
from survey_app.know.aggregation.tables import Block, Cell
from survey_app.know.disclosure.spots import Spot
from survey_app.know.measures.modes import counted_items

Counts = dict[str, int]


class Leak(RuntimeError):
    """A figure would rest on fewer than K people: nothing is released and somebody must look."""


@dataclass(slots=True)
class Contents:
    """The blocks of one spot added up: scored answers by item and code."""

    n_blocks: int = 0
    n_people: int = 0
    n_carried: int = 0
    counts: dict[str, Counts] = field(default_factory=dict)

    def add(self, block: sa.Row[*tuple[Any, ...]], cells: list[tuple[str, int, int]]) -> None:
        """Take up one more whole block.

        Parameters
        ----------
        block : Row
            The block's facts.
        cells : list of (str, int, int)
            Item, scored code and number of people.
        """
        self.n_blocks += 1
        self.n_people += block.n_people
        self.n_carried += block.n_carried
        for item_id, code, n in cells:
            of_item = self.counts.setdefault(item_id, {})
            of_item[str(code)] = of_item.get(str(code), 0) + n


def contents_at(session: Session, library: Library, spots: Iterable[Spot]) -> Iterator[tuple[Spot, Contents]]:
    """Yield what the blocks of each spot say, with two queries a stream.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    library : Library
        Says which codes are scored.
    spots : iterable of Spot
        Sorted, so that those of a stream stand together.

    Yields
    ------
    (Spot, Contents)
        Empty contents where a bin has no block.

    Raises
    ------
    Leak
        If a block holds fewer than `K` people, or fewer than `K` valid answers to an item it counts.
    """
    for stream, group in groupby(spots, key=lambda spot: spot.stream):
        wanted = {(spot.place_id, spot.bin): (spot, Contents()) for spot in group}
        instrument = library.get(stream.instrument_id, stream.instrument_version)
        chosen = sa.and_(stream.rows_of(Block), Block.bin_end.in_({bin_.end for _, bin_ in wanted}))
        cells = _scored_cells(session, instrument, chosen)
        for block in session.connection().execute(sa.select(Block.__table__).where(chosen)):
            _assert_people(block)
            for key in _spots_of(block):
                if key in wanted:
                    wanted[key][1].add(block, cells.get(block.id, []))
        yield from wanted.values()


def _spots_of(block: sa.Row[*tuple[Any, ...]]) -> Iterator[tuple[str, Bin]]:
    # A unit has the blocks of its bin; a parent's week, whole, those of every bin below that ends in it.
    yield block.unit_id, Bin(start=block.bin_start, end=block.bin_end)
    week = bin_of(block.bin_end, 1)
    for place_id in block.unit_path.strip("/").split("/")[:-1]:
        yield place_id, week


def _scored_cells(
    session: Session, instrument: Instrument, chosen: sa.ColumnElement[bool]
) -> dict[int, list[tuple[str, int, int]]]:
    query = (
        sa.select(Cell.block_id, Cell.item_id, Cell.code, Cell.n)
        .join(Block, Block.id == Cell.block_id)
        .where(chosen)
        .order_by(Cell.block_id, Cell.item_id, Cell.code)
    )
    counts = valid_answers(counted_items(instrument))
    found: dict[int, list[tuple[str, int, int]]] = {}
    for (block_id, item_id), group in groupby(
        session.connection().execute(query), key=lambda row: (row.block_id, row.item_id)
    ):
        scored = [(row.code, row.n) for row in group if counts(item_id, row.code)]
        _assert_valid(block_id, item_id, sum(n for _, n in scored))
        found.setdefault(block_id, []).extend((item_id, code, n) for code, n in scored)
    return found


def _assert_people(block: sa.Row[*tuple[Any, ...]]) -> None:
    if block.n_people < K:
        raise Leak(f"block {block.id} at {block.unit_id} has {block.n_people} people: every block needs {K}")


def _assert_valid(block_id: int, item_id: str, n: int) -> None:
    # An item has K valid answers in a block or none at all: less could be found by subtracting blocks.
    if n < K:
        raise Leak(f"{n} valid answers to {item_id} in block {block_id}: a figure needs {K}")

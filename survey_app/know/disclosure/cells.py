"""The cells of a quarter: people whom no figure can tell apart, with their counts while they are held."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.know.aggregation.memberships import WholeBlock, blocks_between, counted_answers
from survey_app.know.aggregation.periods import next_quarter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block
from survey_app.know.disclosure.tables import AuditCell

NOT_STATED = ""
HELD = 0


class Cell(NamedTuple):
    """People of one block who are alike in place, practice and category; `gone` as in `AuditCell`."""

    block_id: int
    place_id: str
    practice_id: str
    category: str
    gone: int


@dataclass(slots=True)
class ItemCells:
    """One item of a quarter: how many people each cell has, and what those still held said."""

    people: Counter[Cell] = field(default_factory=Counter)
    codes: dict[Cell, Counter[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuarterCells:
    """Everything about a stream's quarter that decides what may go out."""

    blocks: dict[int, WholeBlock]
    items: dict[str, ItemCells]

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the cells as rows of `AuditCell`.

        Yields
        ------
        dict
            One row a cell and item.
        """
        for item_id, cells in self.items.items():
            for cell, n in cells.people.items():
                yield {**cell._asdict(), "item_id": item_id, "n": n}

    def all_people(self, item_id: str) -> dict[Cell, int]:
        """Return everybody whom the blocks count for an item, also those erased before the first figures.

        Parameters
        ----------
        item_id : str
            The item.

        Returns
        -------
        dict of Cell to int
            What a block counts beyond its known cells is a cell of its own.
        """
        people = dict(self.items[item_id].people) if item_id in self.items else {}
        known: Counter[int] = Counter()
        for cell, n in people.items():
            known[cell.block_id] += n
        for block in self.blocks.values():
            rest = block.n_valid.get(item_id, 0) - known[block.block_id]
            if rest:
                people[rest_of(block.block_id)] = rest
        return people


def rest_of(block_id: int) -> Cell:
    """Return the cell of the people of a block who were erased before its quarter's first figures.

    Parameters
    ----------
    block_id : int
        The block.

    Returns
    -------
    Cell
        In no quarterly figure, at any edition.
    """
    return Cell(block_id, "", "", "", -1)


def cells_now(
    session: Session, instrument: Instrument, stream: Stream, quarter: dt.date, categories: Collection[str]
) -> QuarterCells:
    """Count the cells of a quarter from the answers that are held now.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    instrument : Instrument
        Says which codes are scored.
    stream : Stream
        Whose quarter.
    quarter : date
        The Monday on which it begins.
    categories : collection of str
        Of the declared breakdown; any other counts as not stated.

    Returns
    -------
    QuarterCells
        Held people only; who has been erased since the first figures is added by `with_leavers`.
    """
    end = next_quarter(quarter)
    items: dict[str, ItemCells] = {}
    for answer in counted_answers(session, instrument, stream, quarter, end):
        category = answer.category if answer.category in categories else NOT_STATED
        cell = Cell(answer.block_id, answer.place_id, answer.practice_id, category, HELD)
        of_item = items.setdefault(answer.item_id, ItemCells())
        of_item.people[cell] += 1
        of_item.codes.setdefault(cell, Counter())[answer.code] += 1
    return QuarterCells(blocks_between(session, instrument, stream, quarter, end), items)


def with_leavers(session: Session, stream: Stream, quarter: dt.date, cells: QuarterCells) -> QuarterCells:
    """Add the people who were in a figure of the quarter and have been erased since.

    Parameters
    ----------
    session : Session
        Any session.
    stream : Stream
        Whose quarter.
    quarter : date
        The Monday on which it begins.
    cells : QuarterCells
        From `cells_now`.

    Returns
    -------
    QuarterCells
        The same, with cells of their own for those who left.
    """
    inside = sa.and_(stream.rows_of(Block), Block.bin_start >= quarter, Block.bin_end < next_quarter(quarter))
    query = (
        sa.select(AuditCell.__table__)
        .join(Block, Block.id == AuditCell.block_id)
        .where(inside, AuditCell.gone != HELD)
    )
    for row in session.connection().execute(query):
        cell = Cell(row.block_id, row.place_id, row.practice_id, row.category, row.gone)
        cells.items.setdefault(row.item_id, ItemCells()).people[cell] = row.n
    return cells


def added(codes: Iterable[Counter[int]]) -> Counter[int]:
    """Return counts of answers added up.

    Parameters
    ----------
    codes : iterable of Counter
        Code to people.

    Returns
    -------
    Counter
        The same of all of them.
    """
    total: Counter[int] = Counter()
    for some in codes:
        total.update(some)
    return total

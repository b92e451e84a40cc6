"""The cells of a quarter: answers of people whom no figure can tell apart, while they are held and after."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.know.aggregation.memberships import (
    Counted,
    WholeBlock,
    blocks_of,
    counted_in,
    in_quarter,
)
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block
from survey_app.know.disclosure.tables import AuditCell

NOT_STATED = ""
HELD = 0
NEVER = -1


class Cell(NamedTuple):
    """Answers in one block of people alike in place, practice and category; `gone` as in `AuditCell`."""

    block_id: int
    place_id: str
    practice_id: str
    category: str
    gone: int


@dataclass(slots=True)
class ItemCells:
    """One item of a quarter.

    Attributes
    ----------
    answers : Counter
        Valid answers by cell.
    people : Counter
        Of them, those that are their person's first of the quarter: added up over any cells, never more
        than the different people behind them.
    codes : dict
        By cell, what those still held said.
    """

    answers: Counter[Cell] = field(default_factory=Counter)
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
            for cell, n in cells.answers.items():
                yield {**cell._asdict(), "item_id": item_id, "n": n, "people": cells.people[cell]}

    def people(self, item_id: str) -> dict[Cell, int]:
        """Return every cell that the blocks count for an item, with its people.

        Parameters
        ----------
        item_id : str
            The item.

        Returns
        -------
        dict of Cell to int
            What a block counts beyond its known cells was erased before the first figures: a cell of its
            own, and nobody knows any more of how many different people.
        """
        cells = self.items.get(item_id, ItemCells())
        people = {cell: cells.people[cell] for cell in cells.answers}
        known: Counter[int] = Counter()
        for cell, n in cells.answers.items():
            known[cell.block_id] += n
        for block in self.blocks.values():
            if block.n_valid.get(item_id, 0) > known[block.block_id]:
                people[Cell(block.block_id, "", "", "", NEVER)] = 0
        return people


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
    items: dict[str, ItemCells] = {}
    for answer, is_first in with_firsts(counted_in(session, instrument, stream, quarter)):
        cell = cell_of(answer, categories, gone=HELD)
        of_item = items.setdefault(answer.item_id, ItemCells())
        of_item.answers[cell] += 1
        of_item.people[cell] += is_first
        of_item.codes.setdefault(cell, Counter())[answer.code] += 1
    return QuarterCells(blocks_of(session, instrument, stream, quarter), items)


def cell_of(answer: Counted, categories: Collection[str], *, gone: int) -> Cell:
    """Return the cell of an answer.

    Parameters
    ----------
    answer : Counted
        An answer that a block counts.
    categories : collection of str
        Of the declared breakdown; any other counts as not stated.
    gone : int
        As in `AuditCell`.

    Returns
    -------
    Cell
        Where it is counted.
    """
    category = answer.category if answer.category in categories else NOT_STATED
    return Cell(answer.block_id, answer.place_id, answer.practice_id, category, gone)


def with_firsts(answers: Iterable[Counted]) -> Iterator[tuple[Counted, bool]]:
    """Yield answers, and whether each is its person's first to its item in the quarter.

    Parameters
    ----------
    answers : iterable of Counted
        All answers of some people in one quarter: each person is there with all or with none.

    Yields
    ------
    (Counted, bool)
        The first is that of the earliest block, then response.
    """
    found = list(answers)
    firsts: dict[tuple[str, bytes], tuple[int, int]] = {}
    for answer in found:
        key, place = (answer.item_id, answer.person), (answer.block_id, answer.response_id)
        firsts[key] = min(place, firsts.get(key, place))
    for answer in found:
        first = firsts[answer.item_id, answer.person]
        yield answer, first == (answer.block_id, answer.response_id)


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
    query = (
        sa.select(AuditCell.__table__)
        .join(Block, Block.id == AuditCell.block_id)
        .where(in_quarter(stream, quarter), AuditCell.gone != HELD)
    )
    for row in session.connection().execute(query):
        cell = Cell(row.block_id, row.place_id, row.practice_id, row.category, row.gone)
        of_item = cells.items.setdefault(row.item_id, ItemCells())
        of_item.answers[cell], of_item.people[cell] = row.n, row.people
    return cells


def added(codes: Iterable[Counter[int]]) -> Counter[int]:
    """Return counts of answers added up.

    Parameters
    ----------
    codes : iterable of Counter
        Code to answers.

    Returns
    -------
    Counter
        The same of all of them.
    """
    total: Counter[int] = Counter()
    for some in codes:
        total.update(some)
    return total

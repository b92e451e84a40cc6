"""Which valid answers a closed block counts, of people who are still held; read for quarterly figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.hear.responses.tables import Answer, Response
from survey_app.know.aggregation.counts import valid_answers
from survey_app.know.aggregation.forgetting import in_batches
from survey_app.know.aggregation.periods import next_quarter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block, BlockMember, Cell, CountedLater, Waiting


class Counted(NamedTuple):
    """One valid answer in a closed block, with what its person is told apart by."""

    block_id: int
    item_id: str
    place_id: str
    practice_id: str
    category: str
    code: int


class WholeBlock(NamedTuple):
    """A closed block as quarterly figures need it: where it stands, and its valid answers by item."""

    block_id: int
    unit_id: str
    unit_path: str
    n_valid: dict[str, int]


def blocks_between(
    session: Session, instrument: Instrument, stream: Stream, start: dt.date, end: dt.date
) -> dict[int, WholeBlock]:
    """Return the closed blocks of a stream whose bins lie in a quarter.

    Parameters
    ----------
    session : Session
        Any session.
    instrument : Instrument
        Says which codes are scored.
    stream : Stream
        Whose blocks.
    start, end : date
        First day, and the day after the last.

    Returns
    -------
    dict of int to WholeBlock
        By block id.
    """
    chosen = sa.and_(stream.rows_of(Block), Block.bin_start >= start, Block.bin_end < end)
    connection = session.connection()
    facts = sa.select(Block.id, Block.unit_id, Block.unit_path).where(chosen).order_by(Block.id)
    found = {row.id: WholeBlock(*row, n_valid={}) for row in connection.execute(facts)}
    cells = sa.select(Cell.block_id, Cell.item_id, Cell.code, Cell.n).join(Block, Block.id == Cell.block_id)
    counts = valid_answers(instrument)
    for block_id, item_id, code, n in connection.execute(cells.where(chosen)):
        if counts(item_id, code):
            of_item = found[block_id].n_valid
            of_item[item_id] = of_item.get(item_id, 0) + n
    return found


def counted_answers(
    session: Session, instrument: Instrument, stream: Stream, start: dt.date, end: dt.date
) -> Iterator[Counted]:
    """Yield the valid answers that blocks of a quarter count, of people who are still held.

    Parameters
    ----------
    session : Session
        Any session.
    instrument : Instrument
        Says which codes are scored.
    stream : Stream
        Whose blocks.
    start, end : date
        First day, and the day after the last.

    Yields
    ------
    Counted
        An answer that waited comes with the block that counted it at last.
    """
    chosen = sa.and_(stream.rows_of(Block), Block.bin_start >= start, Block.bin_end < end)
    elsewhere = sa.or_(
        sa.exists().where(Waiting.response_id == Answer.response_id, Waiting.item_id == Answer.item_id),
        sa.exists().where(
            CountedLater.response_id == Answer.response_id, CountedLater.item_id == Answer.item_id
        ),
    )
    at_once = (
        _answers()
        .join(BlockMember, BlockMember.response_id == Response.id)
        .add_columns(BlockMember.block_id)
        .join(Block, Block.id == BlockMember.block_id)
        .where(chosen, ~elsewhere)
    )
    later = (
        _answers()
        .join(
            CountedLater,
            sa.and_(CountedLater.response_id == Answer.response_id, CountedLater.item_id == Answer.item_id),
        )
        .add_columns(CountedLater.block_id)
        .join(Block, Block.id == CountedLater.block_id)
        .where(chosen)
    )
    yield from _counted(session, instrument, at_once)
    yield from _counted(session, instrument, later)


def n_members(session: Session, stream: Stream, quarter: dt.date) -> int:
    """Count the responses of people who are still held in a quarter's closed blocks.

    Parameters
    ----------
    session : Session
        Any session.
    stream : Stream
        Whose blocks.
    quarter : date
        The Monday on which it begins.

    Returns
    -------
    int
        It falls with every erasure and never rises once the quarter is over.
    """
    chosen = sa.and_(stream.rows_of(Block), Block.bin_start >= quarter, Block.bin_end < next_quarter(quarter))
    query = sa.select(sa.func.count()).select_from(BlockMember).join(Block, Block.id == BlockMember.block_id)
    return int(session.connection().execute(query.where(chosen)).scalar_one())


def counted_of(session: Session, instrument: Instrument, response_ids: Collection[int]) -> Iterator[Counted]:
    """Yield the valid answers of some responses that closed blocks count.

    Parameters
    ----------
    session : Session
        Any session.
    instrument : Instrument
        The version they answered.
    response_ids : collection of int
        Responses, before they are forgotten.

    Yields
    ------
    Counted
        One an answer.
    """
    for ids in in_batches(sorted(response_ids)):
        waits = sa.exists().where(
            Waiting.response_id == Answer.response_id, Waiting.item_id == Answer.item_id
        )
        block = sa.func.coalesce(CountedLater.block_id, BlockMember.block_id).label("block_id")
        query = (
            _answers()
            .join(BlockMember, BlockMember.response_id == Response.id)
            .outerjoin(
                CountedLater,
                sa.and_(
                    CountedLater.response_id == Answer.response_id, CountedLater.item_id == Answer.item_id
                ),
            )
            .add_columns(block)
            .where(Response.id.in_(ids), ~waits)
        )
        yield from _counted(session, instrument, query)


def _answers() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Answer.item_id, Response.place_id, Response.practice_id, Response.category, Answer.code
    ).join(Response, Response.id == Answer.response_id)


def _counted(
    session: Session, instrument: Instrument, query: sa.Select[*tuple[Any, ...]]
) -> Iterator[Counted]:
    counts = valid_answers(instrument)
    for item_id, place_id, practice_id, category, code, block_id in session.connection().execute(query):
        if counts(item_id, code):
            yield Counted(block_id, item_id, place_id, practice_id or "", category or "", code)

"""Which valid answers a closed block counts, of people who are still held; read for quarterly figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.hear.responses.forgetting import in_batches
from survey_app.hear.responses.tables import Answer, Response
from survey_app.know.aggregation.counts import valid_answers
from survey_app.know.aggregation.periods import next_quarter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block, BlockMember, Cell, CountedLater, Waiting


class Counted(NamedTuple):
    """One valid answer in a closed block, with what its person is told apart by."""

    block_id: int
    bin_start: dt.date
    response_id: int
    item_id: str
    person: bytes
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


def in_quarter(stream: Stream, quarter: dt.date) -> sa.ColumnElement[bool]:
    """Return the condition under which a block of a stream belongs to a quarter.

    Parameters
    ----------
    stream : Stream
        Whose blocks.
    quarter : date
        The Monday on which it begins.

    Returns
    -------
    sqlalchemy.ColumnElement
        For a `where`: bins never cross the end of a quarter.
    """
    return sa.and_(stream.rows_of(Block), Block.bin_start >= quarter, Block.bin_end < next_quarter(quarter))


def blocks_of(
    session: Session, instrument: Instrument, stream: Stream, quarter: dt.date
) -> dict[int, WholeBlock]:
    """Return the closed blocks of a stream in a quarter.

    Parameters
    ----------
    session : Session
        Any session.
    instrument : Instrument
        Says which codes are scored.
    stream : Stream
        Whose blocks.
    quarter : date
        The Monday on which it begins.

    Returns
    -------
    dict of int to WholeBlock
        By block id.
    """
    chosen, connection = in_quarter(stream, quarter), session.connection()
    facts = sa.select(Block.id, Block.unit_id, Block.unit_path).where(chosen).order_by(Block.id)
    found = {row.id: WholeBlock(*row, n_valid={}) for row in connection.execute(facts)}
    cells = sa.select(Cell.block_id, Cell.item_id, Cell.code, Cell.n).join(Block, Block.id == Cell.block_id)
    is_valid = valid_answers(instrument.items)  # how answers came has weekly figures only
    for block_id, item_id, code, n in connection.execute(cells.where(chosen)):
        if is_valid(item_id, code):
            of_item = found[block_id].n_valid
            of_item[item_id] = of_item.get(item_id, 0) + n
    return found


def counted_in(
    session: Session, instrument: Instrument, stream: Stream, quarter: dt.date
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
    quarter : date
        The Monday on which it begins.

    Yields
    ------
    Counted
        An answer that waited comes with the block that counted it at last.
    """
    yield from _counted(session, instrument, in_quarter(stream, quarter))


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
        yield from _counted(session, instrument, Response.id.in_(ids))


def n_held(session: Session, stream: Stream, quarter: dt.date) -> int:
    """Count what of a quarter's closed blocks is still held: responses, and answers counted later.

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
    chosen, connection = in_quarter(stream, quarter), session.connection()
    found = 0
    for table in (BlockMember, CountedLater):
        query = sa.select(sa.func.count()).select_from(table).join(Block, Block.id == table.block_id)
        found += int(connection.execute(query.where(chosen)).scalar_one())
    return found


def _counted(session: Session, instrument: Instrument, chosen: sa.ColumnElement[bool]) -> Iterator[Counted]:
    later = sa.and_(CountedLater.response_id == Answer.response_id, CountedLater.item_id == Answer.item_id)
    waits = sa.exists().where(Waiting.response_id == Answer.response_id, Waiting.item_id == Answer.item_id)
    query = (
        sa.select(
            Block.id,
            Block.bin_start,
            Response.id,
            Answer.item_id,
            Response.person,
            Response.place_id,
            sa.func.coalesce(Response.practice_id, ""),
            sa.func.coalesce(Response.category, ""),
            Answer.code,
        )
        .select_from(Answer)
        .join(Response, Response.id == Answer.response_id)
        .join(BlockMember, BlockMember.response_id == Response.id)
        .outerjoin(CountedLater, later)
        .join(Block, Block.id == sa.func.coalesce(CountedLater.block_id, BlockMember.block_id))
        .where(chosen, Answer.code.is_not(None), ~waits)
    )
    is_valid = valid_answers(instrument.items)
    for row in session.connection().execute(query):
        answer = Counted._make(row)
        if is_valid(answer.item_id, answer.code):
            yield answer

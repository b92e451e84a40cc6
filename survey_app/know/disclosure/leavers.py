"""People who are erased after they were in a quarter's figures: from then on they are a cell of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.hear.responses.tables import Response
from survey_app.know.aggregation.memberships import counted_of
from survey_app.know.aggregation.periods import quarter_start
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block
from survey_app.know.disclosure.cells import HELD, NOT_STATED, Cell
from survey_app.know.disclosure.tables import AuditCell, Quarter


def note_leavers(session: Session, library: Library, response_ids: Collection[int]) -> None:
    """Move the people behind some responses to the cells of those who have left.

    Parameters
    ----------
    session : Session
        The transaction that erases them, before their answers go.
    library : Library
        Instruments.
    response_ids : collection of int
        Their responses.
    """
    of_stream: dict[Stream, list[int]] = {}
    columns = (Response.instrument_id, Response.instrument_version, Response.audience, Response.id)
    for instrument_id, version, audience, id_ in session.connection().execute(
        sa.select(*columns).where(Response.id.in_(response_ids))
    ):
        of_stream.setdefault(Stream(instrument_id, version, audience), []).append(id_)
    for stream, ids in of_stream.items():
        _note(session, library, stream, ids)


def _note(session: Session, library: Library, stream: Stream, ids: list[int]) -> None:
    instrument = library.get(stream.instrument_id, stream.instrument_version)
    quarters = {row.start: row for row in session.scalars(sa.select(Quarter).where(stream.rows_of(Quarter)))}
    starts = dict(session.connection().execute(sa.select(Block.id, Block.bin_start)).all())
    leaving: Counter[tuple[str, Cell]] = Counter()
    for answer in counted_of(session, instrument, ids):
        out = quarters.get(quarter_start(starts[answer.block_id]))
        if out is not None and not out.retired:
            category = answer.category if answer.category in out.categories else NOT_STATED
            cell = Cell(answer.block_id, answer.place_id, answer.practice_id, category, out.edition)
            leaving[answer.item_id, cell] += 1
    for (item_id, cell), n in leaving.items():
        _move(session, item_id, cell, n)


def _move(session: Session, item_id: str, cell: Cell, n: int) -> None:
    held = session.get_one(AuditCell, _key(item_id, cell._replace(gone=HELD)))
    held.n -= n
    if held.n == 0:
        session.delete(held)
    gone = session.get(AuditCell, _key(item_id, cell))
    if gone is None:
        session.add(AuditCell(item_id=item_id, n=n, **cell._asdict()))
    else:
        gone.n += n
    session.flush()


def _key(item_id: str, cell: Cell) -> tuple[int, str, str, str, str, int]:
    return cell.block_id, item_id, cell.place_id, cell.practice_id, cell.category, cell.gone

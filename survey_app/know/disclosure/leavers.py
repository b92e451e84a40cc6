"""People who are erased after they were in a quarter's figures: from then on they are a cell of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.hear.responses.tables import Response
from survey_app.know.aggregation.memberships import Counted, counted_of
from survey_app.know.aggregation.periods import quarter_start
from survey_app.know.aggregation.streams import Stream
from survey_app.know.disclosure.cells import HELD, Cell, cell_of, with_firsts
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
        Their responses: all of each person's, so that their first answer of a quarter is among them.
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
    out = sa.and_(stream.rows_of(Quarter), Quarter.retired.is_(False))
    quarters = {row.start: row for row in session.scalars(sa.select(Quarter).where(out))}
    if not quarters:
        return  # nothing of it is out, and its instrument need not be there any more
    instrument = library.get(stream.instrument_id, stream.instrument_version)
    of_quarter: dict[dt.date, list[Counted]] = {}
    for answer in counted_of(session, instrument, ids):
        of_quarter.setdefault(quarter_start(answer.bin_start), []).append(answer)
    for start in of_quarter.keys() & quarters.keys():
        _leave(session, quarters[start], of_quarter[start])


def _leave(session: Session, quarter: Quarter, answers: list[Counted]) -> None:
    leaving: dict[tuple[str, Cell], tuple[int, int]] = {}
    for answer, is_first in with_firsts(answers):
        key = answer.item_id, cell_of(answer, quarter.categories, gone=quarter.edition)
        n, people = leaving.get(key, (0, 0))
        leaving[key] = n + 1, people + is_first
    for (item_id, cell), (n, people) in leaving.items():
        _move(session, item_id, cell, n, people)


def _move(session: Session, item_id: str, cell: Cell, n: int, people: int) -> None:
    held = session.get(AuditCell, _key(item_id, cell._replace(gone=HELD)))
    if held is None:
        return  # in no figure that is out
    held.n, held.people = held.n - n, held.people - people
    if held.n == 0:
        session.delete(held)
    gone = session.get(AuditCell, _key(item_id, cell))
    if gone is None:
        session.add(AuditCell(item_id=item_id, n=n, people=people, **cell._asdict()))
    else:
        gone.n, gone.people = gone.n + n, gone.people + people
    session.flush()


def _key(item_id: str, cell: Cell) -> tuple[int, str, str, str, str, int]:
    return cell.block_id, item_id, cell.place_id, cell.practice_id, cell.category, cell.gone

"""Closing blocks in the database: who waits is closed by the rule, counted once and written for good."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument
from survey_app.hear.responses.tables import Answer, Response
from survey_app.know.aggregation.blocks import Closing, closings
from survey_app.know.aggregation.counts import Given, count_item
from survey_app.know.aggregation.fingerprints import CellRow, fingerprint
from survey_app.know.aggregation.pooling import pools
from survey_app.know.aggregation.streams import Stream, instrument_of
from survey_app.know.aggregation.tables import (
    SKIPPED,
    Block,
    BlockMember,
    Cell,
    CountedLater,
    Counting,
    Pooled,
)
from survey_app.know.aggregation.units import Units
from survey_app.know.aggregation.waiting import WaitingAnswers
from survey_app.know.measures.helped import HELPED, helped_code
from survey_app.know.measures.modes import CODES, MODE, counted_items


@dataclass(frozen=True, slots=True)
class Closed:
    """A block that closed in this run, as the gate needs to know it."""

    block_id: int
    stream: Stream
    unit_id: str
    unit_path: str
    bin_start: dt.date
    bin_end: dt.date


@dataclass(frozen=True, slots=True)
class _Run:
    """The facts of one stream's closing in one transaction."""

    session: Session
    stream: Stream
    instrument: Instrument
    units: Units
    waiting: WaitingAnswers
    now: dt.datetime


def counting_day(session: Session) -> dt.date | None:
    """Return the date up to which bins have been ended, or None before the first night.

    Parameters
    ----------
    session : Session
        Any session.

    Returns
    -------
    date or None
        Every bin whose last day is before it has been ended, for good.
    """
    return session.connection().execute(sa.select(sa.func.max(Counting.ended_before))).scalar()


def close_blocks(
    session: Session, library: Library, *, now: dt.datetime, ended_before: dt.date | None = None
) -> list[Closed]:
    """Close every block that the rule closes now.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    library : Library
        Instruments by id and version.
    now : datetime
        Stamped on the blocks.
    ended_before : date, optional
        The nightly run ends the bins before this date; a live run leaves it out and ends none.

    Returns
    -------
    list of Closed
        In the order of closing.
    """
    before = counting_day(session)
    until = max((day for day in (before, ended_before) if day is not None), default=None)
    units = Units(session)
    closed: list[Closed] = []
    waiting = pools(session)
    for stream, waiters in waiting.items():
        counted_from = before or min(waiter.day for waiter in waiters)
        found = closings(
            waiters,
            ended_before=until or counted_from,
            counted_from=counted_from,
            unit_of=units.unit_of,
            bin_of=units.bin_of,
        )
        instrument = instrument_of(library, stream) if found else None
        if instrument is not None:
            run = _Run(session, stream, instrument, units, WaitingAnswers(session, stream), now)
            closed += _close_all(run, found)
    # Before the first answer there is nothing to end: history that is loaded later keeps its own weeks.
    if until is not None and until != before and (waiting or before is not None):
        session.add(Counting(ended_before=until, at=now))
        session.flush()
    return closed


def _close_all(run: _Run, found: list[Closing]) -> list[Closed]:
    sequences = _sequences(run)
    closed = []
    for closing in found:
        spot = (closing.unit.id, closing.bin.start)
        sequences[spot] = sequences.get(spot, 0) + 1
        closed.append(_close(run, closing, sequences[spot]))
    run.waiting.save()
    return closed


def _sequences(run: _Run) -> dict[tuple[str, dt.date], int]:
    query = (
        sa.select(Block.unit_id, Block.bin_start, sa.func.max(Block.sequence))
        .where(run.stream.rows_of(Block))
        .group_by(Block.unit_id, Block.bin_start)
    )
    return {(unit_id, start): highest for unit_id, start, highest in run.session.connection().execute(query)}


def _close(run: _Run, closing: Closing, sequence: int) -> Closed:
    connection = run.session.connection()
    ids = [member.response_id for member in closing.members]
    cells, later = _count(run, closing)
    facts = {
        **run.stream._asdict(),
        "unit_id": closing.unit.id,
        "unit_path": closing.unit.path,
        "bin_start": closing.bin.start,
        "bin_end": closing.bin.end,
        "sequence": sequence,
        "n_people": len(ids),
        "n_carried": closing.n_carried,
    }
    row = facts | {"early": closing.early, "closed_at": run.now, "fingerprint": fingerprint(facts, cells)}
    block_id = connection.execute(sa.insert(Block).returning(Block.id), row).scalar_one()
    connection.execute(sa.insert(BlockMember), [{"response_id": id_, "block_id": block_id} for id_ in ids])
    connection.execute(sa.delete(Pooled).where(Pooled.response_id.in_(ids)))
    if cells:
        names = ("item_id", "code", "n")
        connection.execute(
            sa.insert(Cell), [{"block_id": block_id, **dict(zip(names, cell, strict=True))} for cell in cells]
        )
    if later:
        rows = [{"response_id": id_, "item_id": item_id, "block_id": block_id} for id_, item_id in later]
        connection.execute(sa.insert(CountedLater), rows)
    return Closed(
        block_id, run.stream, closing.unit.id, closing.unit.path, closing.bin.start, closing.bin.end
    )


def _count(run: _Run, closing: Closing) -> tuple[list[CellRow], list[tuple[int, str]]]:
    def belongs(place_id: str) -> bool:
        return run.units.unit_of(place_id, closing.bin.start).id == closing.unit.id

    answers = _answers(run, closing)
    cells: list[CellRow] = []
    later: list[tuple[int, str]] = []
    for item in counted_items(run.instrument):
        waited = run.waiting.take(item.id, belongs)
        counted = count_item(item, waited + answers.get(item.id, []))
        run.waiting.put(item.id, counted.waiting)
        later += [(given.response_id, item.id) for given in set(waited) & set(counted.counted)]
        cells += [(item.id, SKIPPED if code is None else code, n) for code, n in counted.cells.items()]
    return sorted(cells), later


def _answers(run: _Run, closing: Closing) -> dict[str, list[Given]]:
    members = {member.response_id: member for member in closing.members}
    connection, ids = run.session.connection(), list(members)
    said = sa.select(Answer.item_id, Answer.response_id, Answer.code).where(Answer.response_id.in_(ids))
    came = sa.select(Response.id, Response.channel, Response.helped).where(Response.id.in_(ids))
    rows = [(row.item_id, row.response_id, row.code) for row in connection.execute(said)]
    for row in connection.execute(came):
        rows += [(MODE, row.id, CODES.get(row.channel)), (HELPED, row.id, helped_code(row.helped))]
    answers: dict[str, list[Given]] = {}
    for item_id, response_id, code in rows:
        member = members[response_id]
        answers.setdefault(item_id, []).append(Given(response_id, member.person, code, member.place_id))
    return answers

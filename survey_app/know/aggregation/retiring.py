"""Which raw answers have outlived their use: those of quarters whose figures will never be made again."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.responses.tables import Response
from survey_app.know.aggregation.periods import quarter_start
from survey_app.know.aggregation.tables import Block, BlockMember, CountedLater


def oldest_kept(day: dt.date, months: int) -> dt.date:
    """Return the Monday of the oldest quarter whose raw answers are kept.

    Parameters
    ----------
    day : date
        The business date.
    months : int
        How long answers are kept.

    Returns
    -------
    date
        A quarter goes as a whole, once all of it is older than that.

    Examples
    --------
    >>> oldest_kept(dt.date(2026, 11, 25), 24)
    datetime.date(2024, 9, 30)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return quarter_start(dt.date(year, month + 1, min(day.day, 28)))


def outlived(session: Session, *, before: dt.date, at: dt.datetime) -> list[int]:
    """Return the ids of responses that no kept quarter counts.

    Parameters
    ----------
    session : Session
        Any session.
    before : date
        The Monday of the oldest quarter that is kept.
    at : datetime
        The instant at which that day begins.

    Returns
    -------
    list of int
        Also of those that settled before then and were never counted.
    """
    kept = Block.bin_end >= before
    blocks = sa.select(Block.id).where(kept)
    counts = sa.or_(
        sa.exists().where(BlockMember.response_id == Response.id, BlockMember.block_id.in_(blocks)),
        sa.exists().where(CountedLater.response_id == Response.id, CountedLater.block_id.in_(blocks)),
    )
    query = sa.select(Response.id).where(Response.settled_at < at, ~counts).order_by(Response.id)
    return list(session.scalars(query))

"""Retiring quarters: their raw answers go, so nothing of them is ever restated; their figures stay."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.aggregation.tables import Block
from survey_app.know.disclosure.tables import AuditCell, Quarter


def retire(session: Session, *, before: dt.date) -> None:
    """Mark the quarters before a date as never to be restated, and let go of their cells.

    Parameters
    ----------
    session : Session
        The transaction in which their raw answers go.
    before : date
        The Monday of the oldest quarter that is kept.
    """
    connection = session.connection()
    old = sa.and_(Quarter.start < before, Quarter.retired.is_(False))
    if not connection.execute(sa.update(Quarter).where(old).values(retired=True)).rowcount:
        return
    blocks = sa.select(Block.id).where(Block.bin_start < before)
    connection.execute(sa.delete(AuditCell).where(AuditCell.block_id.in_(blocks)))

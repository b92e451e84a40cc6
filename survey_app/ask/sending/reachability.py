"""Phones that are off: tried on three different days in a row, then left alone for a season."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.tables import AddressTrouble, Message
from survey_app.clock import london_day
from survey_app.database import insert_or_ignore

PHONE_OFF = "30003"
MOST_DAYS = 3
LEFT_ALONE = dt.timedelta(days=90)
FAILED = frozenset({"failed", "undelivered"})


def is_unreachable(session: Session, address_index: bytes, now: dt.datetime) -> bool:
    """Tell whether a phone was out of reach on three days in a row, not long ago."""
    lately = sa.and_(
        AddressTrouble.address_index == address_index, AddressTrouble.unreachable_at > now - LEFT_ALONE
    )
    return bool(session.scalar(sa.select(sa.exists().where(lately))))


def note(session: Session, address_index: bytes, status: str, code: str, *, now: dt.datetime) -> None:
    """Count a day on which a phone was off; a text that arrives ends the count."""
    if status in {"delivered", "read"}:
        session.execute(sa.delete(AddressTrouble).where(AddressTrouble.address_index == address_index))
    elif status in FAILED and code == PHONE_OFF:
        _count_day(session, address_index, now)


def forget(session: Session, chosen: sa.ColumnElement[bool]) -> None:
    """Delete what is known of the phones some messages went to."""
    phones = sa.select(Message.address_index).where(chosen)
    session.execute(sa.delete(AddressTrouble).where(AddressTrouble.address_index.in_(phones)))


def _count_day(session: Session, address_index: bytes, now: dt.datetime) -> None:
    day = london_day(now)
    new = {"address_index": address_index, "n_days": 0, "last_day": dt.date.min}
    insert_or_ignore(session, AddressTrouble, [new])
    row = session.get_one(AddressTrouble, address_index, populate_existing=True, with_for_update=True)
    if row.last_day != day:
        row.n_days, row.last_day = row.n_days + 1, day
    if row.n_days >= MOST_DAYS and row.unreachable_at is None:
        row.unreachable_at = now
    session.flush()

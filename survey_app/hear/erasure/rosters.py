"""Members of teams: erased by their address, or forgotten long after they left; ballots are nobody's."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves import members
from survey_app.ask.outreach.waves.telling import FAMILY
from survey_app.ask.population.teams import roster
from survey_app.ask.sending import outbox
from survey_app.ask.sending.tables import Message
from survey_app.clock import day_starts_at

MESSAGES_KEPT = dt.timedelta(days=60)
OURS = Message.key.startswith(f"{FAMILY}:", autoescape=True)


def forget_member(session: Session, address_index: bytes, *, day: dt.date) -> int:
    """Erase everybody on rosters who is written to at an address, and return how many rows that were.

    Names, addresses, links and messages go; that somebody was asked, and whether they answered, stays
    counted. What they answered cannot be found by anybody.
    """
    found = roster.known_by(session, address_index)
    outbox.forget(session, sa.and_(OURS, Message.address_index == address_index))
    _let_go(session, found, day)
    return len(found)


def forget_old(session: Session, *, day: dt.date, left_before: dt.date) -> None:
    """Forget who left before a day, and messages of waves that are long over."""
    _let_go(session, roster.left_before(session, left_before), day)
    outbox.forget(session, sa.and_(OURS, Message.created_at < day_starts_at(day - MESSAGES_KEPT)))


def _let_go(session: Session, member_ids: list[int], day: dt.date) -> None:
    if member_ids:
        members.shut_out(session, member_ids)
        roster.strip(session, member_ids, day=day)

"""Leases: messages that are due are claimed for a while, so that no two dispatchers send the same one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.tables import Message, MessageKind, MessageState

BATCH = 20
LEASE = dt.timedelta(minutes=5)
"""Longer than a whole batch takes when every request times out."""

UNASKED = tuple(kind for kind in MessageKind if kind.unsolicited)
LOOKS = (dt.timedelta(minutes=2), dt.timedelta(minutes=5), dt.timedelta(minutes=15))
"""When the provider's list is searched for a message that may have got out."""


def is_work_due(session: Session, *, now: dt.datetime) -> bool:
    """Tell whether a batch would find anything: most looks find nothing and need not queue for the writer."""
    due = sa.and_(Message.state == MessageState.PENDING, Message.not_before <= now)
    dead = sa.and_(Message.state == MessageState.CLAIMED, Message.lease_until < now)
    queries = (sa.select(Message.id).where(which).limit(1) for which in (due, dead))
    return any(session.execute(query).first() is not None for query in queries)


def claim(session: Session, *, now: dt.datetime) -> list[int]:
    """Claim due messages: whoever has just written to us comes before those who did not ask."""
    claimed = _due(session, Message.kind.not_in(UNASKED), now, BATCH)
    if len(claimed) < BATCH:
        claimed += _due(session, Message.kind.in_(UNASKED), now, BATCH - len(claimed))
    if claimed:
        change = sa.update(Message).where(Message.id.in_(claimed))
        session.execute(
            change.values(state=MessageState.CLAIMED, lease_until=now + LEASE, attempts=Message.attempts + 1)
        )
    return claimed


def expire(session: Session, *, now: dt.datetime) -> None:
    """Mark messages of a dispatcher that died: they may have got out."""
    dead = sa.select(Message.id, Message.lease_until).where(
        Message.state == MessageState.CLAIMED, Message.lease_until < now
    )
    for message_id, lease_until in session.execute(dead).all():
        doubt(session, message_id, tried_at=(lease_until or now) - LEASE)


def doubt(session: Session, message_id: int, *, tried_at: dt.datetime) -> None:
    """Mark a claimed message that may have got out, unless a receipt has proved it."""
    change = sa.update(Message).where(Message.id == message_id, Message.state == MessageState.CLAIMED)
    session.execute(
        change.values(state=MessageState.UNKNOWN, sent_at=tried_at, lease_until=tried_at + LOOKS[0])
    )


def doubtful(session: Session, *, now: dt.datetime) -> Sequence[Message]:
    """Return messages in doubt whose next look is due."""
    query = sa.select(Message).where(Message.state == MessageState.UNKNOWN, Message.lease_until <= now)
    return session.execute(query.order_by(Message.id).limit(BATCH)).scalars().all()


def next_look(message: Message, *, now: dt.datetime) -> dt.datetime | None:
    """Return when to look again for a message in doubt; None after the last look."""
    tried_at = message.sent_at or now
    return next((tried_at + wait for wait in LOOKS if tried_at + wait > now), None)


def _due(session: Session, which: sa.ColumnElement[bool], now: dt.datetime, limit: int) -> list[int]:
    query = sa.select(Message.id).where(
        Message.state == MessageState.PENDING, Message.not_before <= now, which
    )
    query = query.order_by(Message.not_before, Message.id).limit(limit).with_for_update(skip_locked=True)
    return list(session.execute(query).scalars())

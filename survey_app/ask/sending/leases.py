"""Leases: messages that are due are claimed for a while, so that no two dispatchers send the same one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState

BATCH = 20
LEASE = dt.timedelta(minutes=5)
"""Longer than a whole batch takes when every request times out."""

UNASKED = tuple(kind for kind in MessageKind if kind.unsolicited)
LOOKS = (dt.timedelta(minutes=2), dt.timedelta(minutes=5), dt.timedelta(minutes=15))
"""When the provider's list is searched for a message that may have got out."""

URGENT = (MessageKind.ALERT, MessageKind.SIGNPOST)
"""Danger waits for no breaker and no rate."""


Due = sa.Row[int, Medium, int]
"""A message's id, medium and segments."""


@dataclass(frozen=True, slots=True)
class Room:
    """What may leave now: how many messages of each medium, and what the unasked among them may cost."""

    limits: Mapping[Medium, int] = field(default_factory=lambda: dict.fromkeys(Medium, BATCH))
    unasked_cost: int | None = None  # in hundredths of a penny; None: whatever it costs
    prices: Mapping[Medium, int] = field(default_factory=dict)  # of a segment, in hundredths of a penny


def is_work_due(session: Session, *, now: dt.datetime) -> bool:
    """Tell whether anything is due or was left by a dispatcher that died."""
    due = sa.and_(Message.state == MessageState.PENDING, Message.not_before <= now)
    dead = sa.and_(Message.state == MessageState.CLAIMED, Message.lease_until < now)
    queries = (sa.select(Message.id).where(which).limit(1) for which in (due, dead))
    return any(session.execute(query).first() is not None for query in queries)


def is_work_possible(session: Session, *, now: dt.datetime, room: Room) -> bool:
    """Tell whether a batch would find anything: most looks find nothing and need not queue for the writer."""
    dead = sa.and_(Message.state == MessageState.CLAIMED, Message.lease_until < now)
    if session.execute(sa.select(Message.id).where(dead).limit(1)).first() is not None:
        return True
    return bool(_chosen(session, now, room, lock=False))


def claim(session: Session, *, now: dt.datetime, room: Room) -> list[int]:
    """Claim due messages: danger first, then whoever has just written to us, then those who did not ask."""
    claimed = _chosen(session, now, room, lock=True)
    if claimed:
        change = sa.update(Message).where(Message.id.in_(claimed))
        session.execute(
            change.values(state=MessageState.CLAIMED, lease_until=now + LEASE, attempts=Message.attempts + 1)
        )
    return claimed


def give_back(session: Session, message_id: int) -> None:
    """Let a claimed message wait again as if nobody had touched it."""
    change = sa.update(Message).where(Message.id == message_id, Message.state == MessageState.CLAIMED)
    session.execute(
        change.values(state=MessageState.PENDING, lease_until=None, attempts=Message.attempts - 1)
    )


def expire(session: Session, *, now: dt.datetime) -> None:
    """Mark messages of a dispatcher that died: they may have got out."""
    dead = sa.select(Message.id, Message.lease_until).where(
        Message.state == MessageState.CLAIMED, Message.lease_until < now
    )
    for message_id, lease_until in session.execute(dead).all():
        doubt(session, message_id, tried_at=(lease_until or now) - LEASE)


def doubt(session: Session, message_id: int, *, tried_at: dt.datetime, **values: object) -> None:
    """Mark a claimed message that may have got out, unless a receipt has proved it."""
    change = sa.update(Message).where(Message.id == message_id, Message.state == MessageState.CLAIMED)
    session.execute(
        change.values(state=MessageState.UNKNOWN, sent_at=tried_at, lease_until=tried_at + LOOKS[0], **values)
    )


def doubtful(session: Session, *, now: dt.datetime) -> Sequence[Message]:
    """Return messages in doubt whose next look is due."""
    query = sa.select(Message).where(Message.state == MessageState.UNKNOWN, Message.lease_until <= now)
    return session.execute(query.order_by(Message.id).limit(BATCH)).scalars().all()


def tried_at(message: Message) -> dt.datetime | None:
    """Return when a message was handed over, for all we know; a claimed one since its lease began."""
    if message.sent_at is not None or message.lease_until is None:
        return message.sent_at
    return message.lease_until - LEASE


def next_look(message: Message, *, now: dt.datetime) -> dt.datetime | None:
    """Return when to look again for a message in doubt; None after the last look."""
    tried_at = message.sent_at or now
    return next((tried_at + wait for wait in LOOKS if tried_at + wait > now), None)


def _chosen(session: Session, now: dt.datetime, room: Room, *, lock: bool) -> list[int]:
    urgent, unasked = Message.kind.in_(URGENT), Message.kind.in_(UNASKED)
    due = _due(now).with_for_update(skip_locked=True) if lock else _due(now)
    chosen = _rows(session, due.where(urgent, Message.medium.in_(room.limits)), BATCH)
    left = dict(room.limits)
    for kinds in (sa.and_(~urgent, ~unasked), unasked):
        for medium, n in left.items():
            n_free = min(n, BATCH - len(chosen))
            if n_free <= 0:
                continue
            found = _rows(session, due.where(kinds, Message.medium == medium), n_free)
            found = _affordable(found, room) if kinds is unasked else found
            chosen += found
            left[medium] = n - len(found)
    return [row.id for row in chosen]


def _affordable(rows: list[Due], room: Room) -> list[Due]:
    if room.unasked_cost is None:
        return rows
    afforded, spent = [], 0
    for row in rows:
        n_units = row.segments if row.medium is Medium.TEXT else 1
        spent += room.prices.get(row.medium, 0) * n_units
        if spent > room.unasked_cost:
            break
        afforded.append(row)
    return afforded


def _due(now: dt.datetime) -> sa.Select[int, Medium, int]:
    waiting = sa.and_(Message.state == MessageState.PENDING, Message.not_before <= now)
    return sa.select(Message.id, Message.medium, Message.segments).where(waiting)


def _rows(session: Session, due: sa.Select[int, Medium, int], limit: int) -> list[Due]:
    return list(session.execute(due.order_by(Message.not_before, Message.id).limit(limit)).all())

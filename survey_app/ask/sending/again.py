"""Once more: a text that a phone or network could not take for now is sent again, as a message of its own."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue, sealed_for
from survey_app.ask.sending.tables import Message, MessageKind
from survey_app.crypto import Keys, WrongKey, unseal

SENT_AGAIN = frozenset({MessageKind.INVITE, MessageKind.REMINDER, MessageKind.QUESTION})
SEPARATOR = "~"
"""In a key: invite:7, then invite:7~2, then invite:7~3."""

ANOTHER_DAY = {"30003": 3, "30008": 2}
"""Tries altogether, each on another day: the phone was off, or the network gave no reason."""
SOON_TRIES = 3
SOON = dt.timedelta(minutes=30)
A_DAY = dt.timedelta(days=1)
BATCH = 50


def when_again(key: str, kind: MessageKind, code: str, *, now: dt.datetime) -> dt.datetime | None:
    """Return when a text that failed is sent once more; None after the last try, or if nobody waits."""
    if kind not in SENT_AGAIN:
        return None
    if code in ANOTHER_DAY:
        return now + A_DAY if tries_of(key) < ANOTHER_DAY[code] else None
    return now + SOON if tries_of(key) < SOON_TRIES else None


def tries_of(key: str) -> int:
    """Return which try a message is, from 1 up."""
    _, _, number = key.partition(SEPARATOR)
    return int(number) if number else 1


def is_any_due(session: Session, now: dt.datetime) -> bool:
    """Tell whether a failed text is to be sent once more."""
    return session.scalar(sa.select(Message.id).where(Message.again_at <= now).limit(1)) is not None


def queue_again(session: Session, keys: Keys, now: dt.datetime) -> int:
    """Queue the texts whose next try has come; return how many. Whoever must not get them does not."""
    due = sa.select(Message).where(Message.again_at <= now).order_by(Message.id).limit(BATCH)
    n_queued = 0
    for message in session.scalars(due.with_for_update(skip_locked=True)).all():
        message.again_at = None
        n_queued += _queue_one(session, message, keys, now)
    session.flush()
    return n_queued


def _queue_one(session: Session, message: Message, keys: Keys, now: dt.datetime) -> bool:
    try:
        address = unseal(keys.contact, message.address_sealed, bound_to=sealed_for(message.key))
    except WrongKey:
        return False
    first, _, _ = message.key.partition(SEPARATOR)
    outgoing = Outgoing(
        key=f"{first}{SEPARATOR}{tries_of(message.key) + 1}",
        kind=message.kind,
        medium=message.medium,
        address=address,
        body=message.body,
        not_before=now,
        invitation_id=message.invitation_id,
        not_after=message.not_after,
        subject=message.subject,
    )
    return queue(session, outgoing, keys=keys, now=now)

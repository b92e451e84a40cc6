"""The outbox: the only way out; a message is queued once by its key and leaves when the dispatcher comes."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.ask.sending.tables import DeliveryReceipt, Medium, Message, MessageKind, MessageState
from survey_app.crypto import Keys, keyed_hash, seal
from survey_app.database import insert_or_ignore

AFTER_STOPPING = frozenset({MessageKind.STOP_DONE, MessageKind.SIGNPOST, MessageKind.ALERT})
"""What an address that asked us to stop may still get: the confirmation, and where to find help in danger."""

CONVERSATIONAL = (MessageKind.INVITE, MessageKind.REMINDER, MessageKind.QUESTION, MessageKind.NEWS)
"""What is taken back, as long as it waits, from an address whose owner asks us to stop."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send; `body` holds {link} where the invitation's link goes."""

    key: str
    kind: MessageKind
    medium: Medium
    address: str
    body: str
    not_before: dt.datetime
    invitation_id: int | None = None
    not_after: dt.datetime | None = None
    subject: str | None = None


def forget(session: Session, chosen: sa.ColumnElement[bool]) -> None:
    """Delete messages and what the provider said about them."""
    provider_ids = sa.select(Message.provider_id).where(chosen, Message.provider_id.is_not(None))
    session.execute(sa.delete(DeliveryReceipt).where(DeliveryReceipt.provider_id.in_(provider_ids)))
    session.execute(sa.delete(Message).where(chosen))


def queue(session: Session, outgoing: Outgoing, *, keys: Keys, now: dt.datetime) -> bool:
    """Queue a message unless its key is known or its address asked us to stop; tell whether it was added."""
    index = address_index(keys, outgoing.medium, outgoing.address)
    if outgoing.kind not in AFTER_STOPPING and is_suppressed(session, index):
        return False
    due = next_allowed(outgoing.not_before) if outgoing.kind.unsolicited else outgoing.not_before
    row = {
        "key": outgoing.key,
        "kind": outgoing.kind,
        "medium": outgoing.medium,
        "invitation_id": outgoing.invitation_id,
        "address_sealed": seal(keys.contact, outgoing.address, bound_to=sealed_for(outgoing.key)),
        "address_index": index,
        "subject": outgoing.subject,
        "body": outgoing.body,
        "state": MessageState.PENDING,
        "not_before": due,
        "not_after": outgoing.not_after,
        "attempts": 0,
        "callback_token": secrets.token_urlsafe(16),
        "delivery_rank": 0,
        "created_at": now,
    }
    return insert_or_ignore(session, Message, [row]) == 1


def withdraw(session: Session, *, invitation_id: int) -> int:
    """Take back what still waits for one invitation: it was answered, declined or cancelled."""
    return _withdraw(session, Message.invitation_id == invitation_id)


def withdraw_address(session: Session, *, address_index: bytes) -> int:
    """Take back every survey text that still waits for one address: its owner asked us to stop."""
    return _withdraw(session, Message.address_index == address_index)


def withdraw_family(session: Session, *, key_starts: str) -> int:
    """Take back every text of one family that still waits."""
    return _withdraw(session, Message.key.startswith(key_starts, autoescape=True))


def sent_since(session: Session, *, address_index: bytes, key_starts: str, since: dt.datetime) -> bool:
    """Tell whether a message of one family was queued for an address since an instant."""
    query = sa.select(sa.literal(1)).where(
        Message.address_index == address_index,
        Message.key.startswith(key_starts, autoescape=True),
        Message.created_at > since,
    )
    return session.execute(query.limit(1)).first() is not None


def is_waiting(session: Session, key: str) -> bool:
    """Tell whether a message has not left yet: nobody can be answering it."""
    query = sa.select(Message.id).where(Message.key == key, Message.state == MessageState.PENDING)
    return session.execute(query).first() is not None


def address_index(keys: Keys, medium: Medium, address: str) -> bytes:
    """Return the keyed index under which an address is known."""
    if medium in (Medium.TEXT, Medium.WHATSAPP, Medium.CALL):
        return phone_index(keys, address)
    return keyed_hash(keys.index, "email", address.casefold())


def sealed_for(key: str) -> str:
    """Return what the sealed address of a message is bound to."""
    return f"outbox:{key}"


def _withdraw(session: Session, which: sa.ColumnElement[bool]) -> int:
    taken = sa.update(Message).where(
        which, Message.state == MessageState.PENDING, Message.kind.in_(CONVERSATIONAL)
    )
    return _count(session.connection().execute(taken.values(state=MessageState.WITHDRAWN)))


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0))

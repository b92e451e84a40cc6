"""The outbox: the only way out; a message is queued once by its key and leaves when the dispatcher comes."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.addresses import AddressKind, address_key
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Suppression
from survey_app.ask.sending.gateways.contract import Button
from survey_app.ask.sending.quiet_hours import hours_of, next_allowed
from survey_app.ask.sending.reachability import forget as forget_phones
from survey_app.ask.sending.reachability import is_unreachable
from survey_app.ask.sending.spend import segments_of
from survey_app.ask.sending.tables import DeliveryReceipt, Medium, Message, MessageKind, MessageState
from survey_app.crypto import Keys, seal
from survey_app.database import insert_or_ignore

AFTER_STOPPING = frozenset({MessageKind.STOP_DONE, MessageKind.SIGNPOST, MessageKind.ALERT})
"""What an address that asked us to stop may still get: the confirmation, and where to find help in danger."""

CALL_BODY = "(a telephone call)"
"""A call has no text: the door says what is spoken, in the moment somebody picks up."""

CONVERSATIONAL = (MessageKind.INVITE, MessageKind.REMINDER, MessageKind.QUESTION, MessageKind.NEWS)
"""What is taken back, as long as it waits, from an address whose owner asks us to stop."""

ASKING = (MessageKind.INVITE, MessageKind.REMINDER)
MOST_ASKED = 2
"""An invitation and one reminder for one survey, whatever carries them; what failed does not count."""

UNREACHED = ("failed", "undelivered", "canceled")
FILTERED = "30007"
"""A text that a filter took for advertising is never sent to that address again."""


# Built once: on the path of an answer, making a statement costs more than running it.
TAKE_BACK = (
    sa.update(Message)
    .where(Message.state == MessageState.PENDING, Message.kind.in_(CONVERSATIONAL))
    .values(state=MessageState.WITHDRAWN)
)
NOT_WANTED = sa.select(
    sa.exists().where(Suppression.phone_index == sa.bindparam("index")),
    sa.exists().where(
        Message.address_index == sa.bindparam("index"),
        Message.error_code == FILTERED,
        Message.body == sa.bindparam("body"),
    ),
)
"""Whether the owner of an address asked us to stop, and whether a filter took these very words from it."""
TAKE_BACK_OF = TAKE_BACK.where(Message.invitation_id == sa.bindparam("invitation"))


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
    template: dict[str, object] | None = None
    buttons: tuple[Button, ...] = ()
    free_until: dt.datetime | None = None  # a person who has just written may be written to freely


def forget(session: Session, chosen: sa.ColumnElement[bool]) -> None:
    """Delete messages and what the provider said about them."""
    provider_ids = sa.select(Message.provider_id).where(chosen, Message.provider_id.is_not(None))
    session.execute(sa.delete(DeliveryReceipt).where(DeliveryReceipt.provider_id.in_(provider_ids)))
    forget_phones(session, chosen)
    session.execute(sa.delete(Message).where(chosen))


def queue(session: Session, outgoing: Outgoing, *, keys: Keys, now: dt.datetime) -> bool:
    """Queue a message once by its key, unless its address must not get it; tell whether it was added."""
    index = address_index(keys, outgoing.medium, outgoing.address)
    if outgoing.kind not in AFTER_STOPPING and not _may_be_asked(session, outgoing, index, now):
        return False
    due = outgoing.not_before
    if outgoing.kind.unsolicited:
        due = next_allowed(due, hours_of(outgoing.medium))
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
        "segments": segments_of(outgoing.body) if outgoing.medium is Medium.TEXT else 1,
        "cost": 0,
        "created_at": now,
        "template": outgoing.template,
        "buttons": [[button.code, button.title] for button in outgoing.buttons] or None,
        "free_until": outgoing.free_until,
    }
    return insert_or_ignore(session, Message, [row]) == 1


def withdraw(session: Session, *, invitation_id: int) -> int:
    """Take back what still waits for one invitation: it was answered, declined or cancelled."""
    return _count(session.connection().execute(TAKE_BACK_OF, {"invitation": invitation_id}))


def withdraw_unasked(session: Session, *, invitation_id: int) -> int:
    """Take back an invitation or reminder that still waits: the person is to be left alone."""
    return _withdraw(session, sa.and_(Message.invitation_id == invitation_id, Message.kind.in_(ASKING)))


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
    kind = AddressKind.POST if medium is Medium.LETTER else AddressKind.EMAIL
    return address_key(keys, kind, address)


def sealed_for(key: str) -> str:
    """Return what the sealed address of a message is bound to."""
    return f"outbox:{key}"


def _may_be_asked(session: Session, outgoing: Outgoing, index: bytes, now: dt.datetime) -> bool:
    asked = {"index": index, "body": outgoing.body}
    if any(session.connection().execute(NOT_WANTED, asked).one()):
        return False
    if not outgoing.kind.unsolicited:
        return True
    return not is_unreachable(session, index, now) and _n_asked(session, outgoing) < MOST_ASKED


def _n_asked(session: Session, outgoing: Outgoing) -> int:
    if outgoing.invitation_id is None or outgoing.kind not in ASKING:
        return 0
    counted = sa.select(sa.func.count()).where(
        Message.invitation_id == outgoing.invitation_id,
        Message.kind.in_(ASKING),
        Message.key != outgoing.key,
        Message.state.not_in((MessageState.REJECTED, MessageState.WITHDRAWN)),
        sa.or_(Message.delivery.is_(None), Message.delivery.not_in(UNREACHED)),
    )
    return session.scalar(counted) or 0


def _withdraw(session: Session, which: sa.ColumnElement[bool]) -> int:
    return _count(session.connection().execute(TAKE_BACK.where(which)))


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0))

"""Messages in doubt: looked for at the provider, then sent once more where that is right, or lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending import leases, receipts
from survey_app.ask.sending.gateways.contract import Gateway, Letter, Searching
from survey_app.ask.sending.tables import Message, MessageKind, MessageState

SENT_ONCE_ONLY = frozenset({MessageKind.STOP_DONE})
"""Nobody who asked us to stop hears from us twice, whatever the provider lost."""

GIVEN_UP_BY_PROVIDER = "30410"
"""The provider itself did not try again, so that nobody gets a text twice; nor do we."""

LOOK_LATER = dt.timedelta(minutes=15)
NO_LIST_FOR = dt.timedelta(hours=24)
"""So long we wait for a provider whose list cannot be read, before a message counts as lost."""


def looked_for(gateway: Gateway, letter: Letter, *, tried_at: dt.datetime) -> Sequence[str]:
    """Return every id a letter may have at the provider; NotSent where the provider cannot be asked."""
    if isinstance(gateway, Searching):
        return gateway.matches(letter, tried_at=tried_at)
    found = gateway.find(letter, tried_at=tried_at)
    return [] if found is None else [found]


def tried_after(session: Session, message: Message) -> list[dt.datetime]:
    """Return when the same words to the same address were tried again while this message is in doubt.

    What the provider got from then on belongs to the later one.
    """
    if message.sent_at is None:
        return []
    twins = sa.select(Message).where(
        Message.address_index == message.address_index,
        Message.body == message.body,
        Message.state.in_((MessageState.UNKNOWN, MessageState.CLAIMED)),
        Message.id > message.id,
    )
    moments = [leases.tried_at(twin) for twin in session.scalars(twins)]
    return [at for at in moments if at is not None and at > message.sent_at]


def settle(session: Session, message: Message, ids: Sequence[str], *, now: dt.datetime) -> None:
    """Take a message that was found; send it once more, or give it up, after the last look."""
    unused = next((one for one in ids if not _is_known(session, one)), None)
    if unused is not None:
        return accept(session, message, unused, sent_at=message.sent_at or now)
    look = leases.next_look(message, now=now)
    if look is not None:
        return _change(session, message, lease_until=look)
    if _may_go_again(message):
        return _change(session, message, state=MessageState.PENDING, not_before=now, resent=True)
    return give_up(session, message)


def postpone(session: Session, message: Message, *, now: dt.datetime) -> None:
    """Look again later where the provider's list could not be had: that it is silent proves nothing."""
    if now - (message.sent_at or now) > NO_LIST_FOR:
        return give_up(session, message)
    return _change(session, message, lease_until=leases.next_look(message, now=now) or now + LOOK_LATER)


def give_up(session: Session, message: Message) -> None:
    """Let a message be lost; a receipt that comes after all still proves it."""
    _change(session, message, state=MessageState.LOST, lease_until=None)


def accept(
    session: Session, message: Message, provider_id: str, *, sent_at: dt.datetime, **values: object
) -> None:
    """Record that the provider has a message, whatever a receipt or a lost lease said meanwhile.

    Only a receipt that it came too late, before the reply to our request, leaves it waiting for its template:
    it has another token then.
    """
    known = {"state": MessageState.ACCEPTED, "provider_id": provider_id, "sent_at": sent_at}
    same = sa.and_(Message.id == message.id, Message.callback_token == message.callback_token)
    accepted = sa.update(Message).where(same).values(lease_until=None, **known, **values)
    if session.execute(accepted.returning(Message.id)).first() is not None:
        receipts.catch_up(session, message_id=message.id, provider_id=provider_id)


def _may_go_again(message: Message) -> bool:
    return (
        not message.resent
        and message.kind not in SENT_ONCE_ONLY
        and message.error_code != GIVEN_UP_BY_PROVIDER
    )


def _is_known(session: Session, provider_id: str) -> bool:
    return (
        session.execute(sa.select(Message.id).where(Message.provider_id == provider_id)).first() is not None
    )


def _change(session: Session, message: Message, **values: object) -> None:
    still = sa.and_(Message.id == message.id, Message.state == MessageState.UNKNOWN)
    session.execute(sa.update(Message).where(still).values(**values))

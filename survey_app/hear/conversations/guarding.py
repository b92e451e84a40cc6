"""Guarding against loops: two machines must not text each other all night."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.tables import Message, MessageKind
from survey_app.crypto import Keys, WrongKey, unseal
from survey_app.hear.conversations.inbound import Inbound, sealed_for
from survey_app.hear.conversations.tables import InboundMessage

A_WHILE = dt.timedelta(minutes=10)
MOST_REPLIES = 6
MOST_ALIKE = 3


def is_loop(session: Session, inbound: Inbound, address_index: bytes, keys: Keys) -> bool:
    """Tell whether to fall silent: six replies of ours in ten minutes, or the same words a fourth time."""
    since = inbound.received_at - A_WHILE
    said = sa.select(sa.func.count()).where(
        Message.address_index == address_index,
        Message.kind == MessageKind.REPLY,
        Message.created_at > since,
    )
    if (session.execute(said).scalar() or 0) >= MOST_REPLIES:
        return True
    return _is_repeated(session, inbound, address_index, since, keys)


def _is_repeated(
    session: Session, inbound: Inbound, address_index: bytes, since: dt.datetime, keys: Keys
) -> bool:
    before = (
        sa.select(InboundMessage.provider_id, InboundMessage.words_sealed)
        .where(
            InboundMessage.address_index == address_index,
            InboundMessage.received_at > since,
            InboundMessage.provider_id != inbound.provider_id,
        )
        .order_by(InboundMessage.id.desc())
        .limit(MOST_ALIKE)
    )
    rows = session.execute(before).all()
    if len(rows) < MOST_ALIKE:
        return False
    try:
        return {unseal(keys.contact, words, bound_to=sealed_for(of)) for of, words in rows} == {inbound.body}
    except WrongKey:
        return False

"""Free WhatsApp words that came too late: said once more, through an approved template."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.tables import Message, MessageState


def say_by_template(session: Session, message_id: int, *, now: dt.datetime) -> bool:
    """Let a message leave again, now not free; tell whether it was free, so that this happens once.

    With a token of its own: what the provider still says of the refused one is about that one.
    """
    again = {
        "callback_token": secrets.token_urlsafe(16),
        "state": MessageState.PENDING,
        "not_before": now,
        "free_until": None,
        "lease_until": None,
        "provider_id": None,
        "delivery": None,
        "delivery_rank": 0,
    }
    chosen = sa.and_(Message.id == message_id, Message.free_until.is_not(None))
    moved = session.execute(sa.update(Message).where(chosen).values(**again).returning(Message.id))
    return moved.first() is not None

"""Timers: what is due for a conversation, and for which of its turns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.database import upsert_all
from survey_app.hear.conversations.tables import Conversation, Timer, TimerKind

SILENCE = dt.timedelta(hours=24)
BATCH = 50


def set_timers(session: Session, conversation: Conversation, now: dt.datetime) -> None:
    """Set what every begun survey needs: a nudge should it fall silent, and its end."""
    _set(
        session,
        conversation,
        {TimerKind.NUDGE: next_allowed(now + SILENCE), TimerKind.EXPIRY: conversation.expires_at},
    )


def set_timer(session: Session, conversation: Conversation, what: TimerKind, due_at: dt.datetime) -> None:
    """Set one timer for the turn a conversation stands at, in place of an earlier one of its kind."""
    _set(session, conversation, {what: due_at})


def due(session: Session, now: dt.datetime) -> Sequence[Timer]:
    """Return the timers that have run out, the oldest first."""
    query = sa.select(Timer).where(Timer.due_at <= now).order_by(Timer.due_at, Timer.id)
    return session.execute(query.limit(BATCH)).scalars().all()


def is_due(session: Session, now: dt.datetime) -> bool:
    """Tell whether any timer has run out; cheap enough to ask every few seconds."""
    return session.execute(sa.select(Timer.id).where(Timer.due_at <= now).limit(1)).first() is not None


def clear(session: Session, timer: Timer) -> None:
    """Forget a timer that has had its effect."""
    session.execute(sa.delete(Timer).where(Timer.id == timer.id))


def _set(session: Session, conversation: Conversation, dues: dict[TimerKind, dt.datetime]) -> None:
    rows = [
        {"conversation_id": conversation.id, "turn": conversation.turn, "what": what, "due_at": due_at}
        for what, due_at in dues.items()
    ]
    upsert_all(session, Timer, rows, key=["conversation_id", "what"])

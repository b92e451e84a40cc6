"""Awaiting: a question leaves only while its conversation waits for it, an invitation only before a no."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.conversations.saying import asked_by
from survey_app.hear.conversations.tables import Conversation, ConversationState

IN_PEACE = (ConversationState.DECLINED, ConversationState.HANDED_OVER)


def is_awaited(session: Session, message_key: str, invitation_id: int) -> bool:
    """Tell whether what a message asks can still be meant: much may be said between two tries to send it."""
    asked = asked_by(message_key)
    if asked is None:
        in_peace = sa.and_(Conversation.invitation_id == invitation_id, Conversation.state.in_(IN_PEACE))
        return session.scalar(sa.select(Conversation.id).where(in_peace)) is None
    waiting = sa.and_(
        Conversation.id == asked.conversation_id,
        Conversation.turn == asked.turn,
        Conversation.state == ConversationState.ACTIVE,
    )
    return session.scalar(sa.select(Conversation.id).where(waiting)) is not None

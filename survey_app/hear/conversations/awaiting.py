"""Awaiting: a question leaves only while its conversation waits for it, an invitation only before a no."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey_app.hear.conversations.saying import asked_by
from survey_app.hear.conversations.tables import HELD_STATES, Conversation, ConversationState
from survey_app.hear.responses.tables import Response

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
        ~_is_answered_elsewhere(invitation_id),
        sa.or_(
            Conversation.state == ConversationState.ACTIVE,
            # It was not reached: tried again on another day, but not into the midst of another survey.
            sa.and_(Conversation.state == ConversationState.UNDELIVERABLE, ~_speaks_of_another()),
        ),
    )
    return session.scalar(sa.select(Conversation.id).where(waiting)) is not None


def _is_answered_elsewhere(invitation_id: int) -> sa.Exists:
    # On the web an answer moves no turn: what it answered must not be asked again by text.
    return sa.exists().where(
        Response.origin == f"invitation:{invitation_id}", Response.updated_at > Conversation.updated_at
    )


def _speaks_of_another() -> sa.Exists:
    other = aliased(Conversation)
    return sa.exists().where(
        other.our_address == Conversation.our_address,
        other.address_index == Conversation.address_index,
        other.state.in_(HELD_STATES),
    )

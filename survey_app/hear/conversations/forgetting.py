"""Forgetting conversations: every word somebody texted us, and where their surveys stood."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.conversations.tables import Conversation, InboundMessage, Timer


def forget(session: Session, invitation_ids: Collection[int], address_index: bytes | None) -> None:
    """Delete the conversations of some invitations, and everything else that came from an address."""
    mine = sa.select(Conversation.id).where(Conversation.invitation_id.in_(invitation_ids))
    said: sa.ColumnElement[bool] = InboundMessage.conversation_id.in_(mine)
    if address_index is not None:
        said = sa.or_(said, InboundMessage.address_index == address_index)
    session.execute(sa.delete(InboundMessage).where(said))
    session.execute(sa.delete(Timer).where(Timer.conversation_id.in_(mine)))
    session.execute(sa.delete(Conversation).where(Conversation.invitation_id.in_(invitation_ids)))

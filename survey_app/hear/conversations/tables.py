"""Tables of text conversations and of every inbound message, claimed once by its provider id."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class ConversationState(StrEnum):
    """Where a text conversation stands."""

    INVITED = "invited"
    ACTIVE = "active"
    COMPLETED = "completed"
    EXPIRED = "expired"
    OPTED_OUT = "opted_out"
    DECLINED = "declined"
    PAUSED = "paused"
    WRONG_PERSON = "wrong_person"
    UNDELIVERABLE = "undeliverable"
    HANDED_OVER = "handed_over"


OPEN_STATES = (ConversationState.INVITED, ConversationState.ACTIVE)


class Conversation(Base):
    """One survey by text between our number and one address; one open at a time."""

    __tablename__ = "conversation"
    __table_args__ = (
        sa.Index(
            "uq_conversation_open",
            "our_address",
            "address_index",
            unique=True,
            sqlite_where=sa.text("state IN ('invited', 'active')"),
            postgresql_where=sa.text("state IN ('invited', 'active')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitation.id"), unique=True)
    our_address: Mapped[str] = mapped_column(sa.String(20))
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    state: Mapped[ConversationState] = mapped_column(enum_column(ConversationState))
    item_id: Mapped[str | None] = mapped_column(sa.String(40))  # the open question
    turn: Mapped[int] = mapped_column(default=0)
    misreadings: Mapped[int] = mapped_column(default=0)  # of the open question
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class InboundMessage(Base):
    """One message somebody sent us; the words are sealed, the effect happens once."""

    __tablename__ = "inbound_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    conversation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conversation.id"))
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    words_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    intent: Mapped[str | None] = mapped_column(sa.String(24))
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

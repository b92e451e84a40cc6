"""Tables of conversations, of their timers and of every inbound message, claimed once by its provider id."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column
from survey_app.hear.responses.tables import Channel


class ConversationState(StrEnum):
    """Where a conversation by text, WhatsApp or phone stands."""

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


HELD_STATES = (
    ConversationState.INVITED,
    ConversationState.ACTIVE,
    ConversationState.PAUSED,
    ConversationState.HANDED_OVER,
)
"""What stands between a phone and its next survey: one conversation at a time."""

HELD = "state IN ('invited', 'active', 'paused', 'handed_over')"


class TimerKind(StrEnum):
    """What is due when a timer runs out."""

    NUDGE = "nudge"  # half finished, and silent for a day
    SNOOZE = "snooze"  # "not now"
    EXPIRY = "expiry"


class Conversation(Base):
    """One survey between our number and one address, over any channel; one held at a time."""

    __tablename__ = "conversation"
    __table_args__ = (
        sa.Index(
            "uq_conversation_open",
            "our_address",
            "address_index",
            unique=True,
            sqlite_where=sa.text(HELD),
            postgresql_where=sa.text(HELD),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("invitation.id"), unique=True)
    our_address: Mapped[str] = mapped_column(sa.String(20))
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    state: Mapped[ConversationState] = mapped_column(enum_column(ConversationState))
    item_id: Mapped[str | None] = mapped_column(sa.String(40))  # the open question
    channel: Mapped[Channel | None] = mapped_column(enum_column(Channel))  # over which it was asked
    answered_item: Mapped[str | None] = mapped_column(sa.String(40))  # whose answer brought the open question
    turn: Mapped[int] = mapped_column(default=0)
    misreadings: Mapped[int] = mapped_column(default=0)  # of the open question
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Timer(Base):
    """Something due for one conversation; once its turn has moved on, nobody hears of it."""

    __tablename__ = "conversation_timer"
    __table_args__ = (sa.UniqueConstraint("conversation_id", "what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"))
    turn: Mapped[int]
    what: Mapped[TimerKind] = mapped_column(enum_column(TimerKind))
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)


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

"""Tables of the outbox and of what the provider said about each message."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, JsonText, UtcDateTime, enum_column


class MessageKind(StrEnum):
    """Why a message is sent."""

    INVITE = "invite"
    REMINDER = "reminder"
    QUESTION = "question"
    REPLY = "reply"
    STOP_DONE = "stop_done"
    SIGNPOST = "signpost"
    ALERT = "alert"
    NEWS = "news"  # what was done about what people said

    @property
    def unsolicited(self) -> bool:
        """Return whether nobody has just written to us: quiet hours hold."""
        return self in {MessageKind.INVITE, MessageKind.REMINDER, MessageKind.NEWS}


class Medium(StrEnum):
    """What carries a message."""

    TEXT = "text"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    CALL = "call"
    LETTER = "letter"


class MessageState(StrEnum):
    """Where a message stands between us and the provider."""

    PENDING = "pending"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    LOST = "lost"  # nobody knows whether it got out, and nobody looks any more


class Message(Base):
    """One message that gets out once; a link or a contact detail is never stored readable."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_due", "state", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    medium: Mapped[Medium] = mapped_column(enum_column(Medium))
    invitation_id: Mapped[int | None] = mapped_column(index=True)  # outreach stands above: no foreign key
    address_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    subject: Mapped[str | None] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text)  # holds {link} where a link goes; the link is made when sent
    state: Mapped[MessageState] = mapped_column(enum_column(MessageState))
    not_before: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    callback_token: Mapped[str] = mapped_column(sa.String(22), unique=True)
    provider_id: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    delivery: Mapped[str | None] = mapped_column(sa.String(24))
    delivery_rank: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(sa.String(16))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    template: Mapped[dict[str, Any] | None] = mapped_column(JsonText)  # an approved wording and its values
    buttons: Mapped[list[list[Any]] | None] = mapped_column(JsonText)  # code and title of each answer to tap
    free_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # a day after the person wrote
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
    segments: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(default=0)  # in hundredths of a penny, once it has left
    resent: Mapped[bool] = mapped_column(default=False)  # once more after nobody found it at the provider
    sent_twice: Mapped[bool] = mapped_column(default=False)  # the provider told of two texts: one too many
    again_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)  # it failed: then once more


class DeliveryReceipt(Base):
    """One thing the provider said about one message; kept once however often it is said."""

    __tablename__ = "delivery_receipt"
    __table_args__ = (sa.UniqueConstraint("provider_id", "status", "error_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[str] = mapped_column(sa.String(24))
    error_code: Mapped[str] = mapped_column(
        sa.String(16)
    )  # empty, never NULL: NULL would defeat the unique key
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Breaker(Base):
    """Whether a medium is held because its provider refuses everything; no row: it never was."""

    __tablename__ = "breaker"

    medium: Mapped[Medium] = mapped_column(enum_column(Medium), primary_key=True)
    n_failures: Mapped[int] = mapped_column(default=0)  # in a row
    code: Mapped[str | None] = mapped_column(sa.String(24))  # of the last failure
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # NULL: messages pass
    until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # then one message tries


class AddressTrouble(Base):
    """A phone that was off or out of reach, on how many different days in a row."""

    __tablename__ = "address_trouble"

    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    n_days: Mapped[int]
    last_day: Mapped[dt.date]
    unreachable_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

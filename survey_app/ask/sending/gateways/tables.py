"""Tables behind the simulated provider: texts and calls of its phones. Development and tests only."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, JsonText, UtcDateTime, enum_column


class Direction(StrEnum):
    """Which way a simulated text went, seen from the phone."""

    RECEIVED = "received"
    SENT = "sent"


class HandsetMessage(Base):
    """One text on a simulated phone."""

    __tablename__ = "handset_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    phone: Mapped[str] = mapped_column(sa.String(20), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    whatsapp: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    buttons: Mapped[list[list[str]] | None] = mapped_column(JsonText)  # title and payload of each
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class RingState(StrEnum):
    """What a simulated telephone is doing."""

    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


class HandsetCall(Base):
    """One call of a simulated telephone, and what was said in it."""

    __tablename__ = "handset_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))  # received: we rang it
    phone: Mapped[str] = mapped_column(sa.String(20), index=True)
    state: Mapped[RingState] = mapped_column(enum_column(RingState))
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")  # the provider's word, once it is over
    answered_by: Mapped[str] = mapped_column(sa.String(20), default="")
    voice_url: Mapped[str] = mapped_column(sa.Text)
    status_url: Mapped[str] = mapped_column(sa.Text, default="")
    action_url: Mapped[str] = mapped_column(sa.Text, default="")  # where the next key goes
    lines: Mapped[list[dict[str, str]]] = mapped_column(JsonText)  # who, words, language, rate
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

"""The table behind the simulated provider: what its phones sent and received. Development and tests only."""

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

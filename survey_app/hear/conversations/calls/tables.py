"""The table of telephone calls: where each one stands, and the last thing that was said in it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class CallDirection(StrEnum):
    """Who rang whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class CallStage(StrEnum):
    """What a call waits for."""

    OPENING = "opening"  # 1 starts or goes on with the survey
    QUESTION = "question"
    STOP_ONLY = "stop_only"  # nothing is open for this number: it can only ask us to stop
    OVER = "over"


class CallResult(StrEnum):
    """How a call ended."""

    UNREACHED = "unreached"  # nobody picked up, or a machine did
    BROKEN_OFF = "broken_off"  # a person picked up, and the survey is still open
    DONE = "done"  # finished, stopped, not now, or nothing was open


class PhoneCall(Base):
    """One telephone call; a step is taken once, and asked again it hears the same words."""

    __tablename__ = "phone_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    token: Mapped[str] = mapped_column(sa.String(22), unique=True)  # in the address of every step
    direction: Mapped[CallDirection] = mapped_column(enum_column(CallDirection))
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitation.id"), index=True)
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    stage: Mapped[CallStage] = mapped_column(enum_column(CallStage))
    opening: Mapped[str] = mapped_column(sa.String(24))  # the line of the wording that 1 is an answer to
    step: Mapped[int] = mapped_column(default=0)  # steps taken
    asked_turn: Mapped[int] = mapped_column(default=0)  # of the conversation: whose question a key answers
    misses: Mapped[int] = mapped_column(default=0)  # nothing, or nothing readable, in a row
    by_machine: Mapped[bool] = mapped_column(default=False)
    spoken: Mapped[str] = mapped_column(sa.Text, default="")  # the last answer, as the provider got it
    result: Mapped[CallResult | None] = mapped_column(enum_column(CallResult))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

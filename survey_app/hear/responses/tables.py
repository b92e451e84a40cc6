"""Tables of what people answered: responses, last answers, the history, and the key of every submission."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.ask.instruments.model import Audience
from survey_app.database import Base, JsonText, UtcDateTime, enum_column


class ResponseState(StrEnum):
    """How far a response has come."""

    STARTED = "started"
    FINISHED = "finished"
    EXPIRED = "expired"
    QUARANTINED = "quarantined"


class Channel(StrEnum):
    """The way an answer came in."""

    WEB = "web"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    VOICE = "voice"
    PAPER = "paper"
    KIOSK = "kiosk"


class Response(Base):
    """One person's answers to one instrument version at one invitation."""

    __tablename__ = "response"
    __table_args__ = (
        sa.Index("ix_response_unsettled", "settled_at", "state", "finished_at"),
        sa.Index("ix_response_expiry", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(
        sa.String(64), unique=True
    )  # "invitation:12" or "open:<random>": one response each
    person: Mapped[bytes] = mapped_column(sa.LargeBinary(32))  # keyed pseudonym: the same person, never who
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"))
    practice_id: Mapped[str | None] = mapped_column(sa.String(40))
    category: Mapped[str | None] = mapped_column(sa.String(40))  # of the declared breakdown; NULL: not stated
    items: Mapped[list[str] | None] = mapped_column(JsonText)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))  # of the last answer
    language: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[ResponseState] = mapped_column(enum_column(ResponseState))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    synthetic: Mapped[bool] = mapped_column(default=False)


class Answer(Base):
    """The answer that stands for one item; a NULL code is a skip."""

    __tablename__ = "answer"

    response_id: Mapped[int] = mapped_column(
        sa.ForeignKey("response.id"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    code: Mapped[int | None]
    answered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class AnswerHistory(Base):
    """Every answer ever accepted, in order."""

    __tablename__ = "answer_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(sa.ForeignKey("response.id"), index=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))
    item_id: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[int | None]


class SubmissionRow(Base):
    """The key of one submission: a repeat finds it and changes nothing."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("channel", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    key: Mapped[str] = mapped_column(sa.String(80))
    response_id: Mapped[int] = mapped_column(sa.ForeignKey("response.id"), index=True)
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # after the invitation ended

"""Tables of codes and of the surveys that posters and shared screens opened."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class CodeKind(StrEnum):
    """What a code opens."""

    POSTER = "poster"  # many people, each a survey of their own
    LETTER = "letter"  # one invitation
    SHEET = "sheet"  # one paper form that nobody's name belongs to


class Screen(StrEnum):
    """Whose screen a survey was opened on."""

    OWN = "own"
    SHARED = "shared"


class Code(Base):
    """One code; the letters themselves are derived from key and nonce, and known only by their keyed hash."""

    __tablename__ = "code"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CodeKind] = mapped_column(enum_column(CodeKind))
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"))
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitation.id"), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))  # where a poster hangs, which pile a form is from
    nonce: Mapped[str] = mapped_column(sa.String(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Start(Base):
    """One survey that somebody opened with a poster's code; nobody knows who."""

    __tablename__ = "open_start"
    __table_args__ = (sa.Index("ix_open_start_code", "code_id", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(sa.ForeignKey("code.id"))
    nonce: Mapped[str] = mapped_column(sa.String(32), unique=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    screen: Mapped[Screen] = mapped_column(enum_column(Screen))
    language: Mapped[str] = mapped_column(sa.String(8), server_default="en")
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class CodeCalls(Base):
    """How many people asked for a call by one poster on one day; whom to call stands elsewhere."""

    __tablename__ = "code_calls"

    code_id: Mapped[int] = mapped_column(sa.ForeignKey("code.id"), primary_key=True, autoincrement=False)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class PaperDesk(Base):
    """How a campaign's paper forms are keyed in; without a row, once is enough."""

    __tablename__ = "paper_desk"

    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("campaign.id"), primary_key=True, autoincrement=False
    )
    twice: Mapped[bool]

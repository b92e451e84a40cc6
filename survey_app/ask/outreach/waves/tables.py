"""Tables of waves, of the teams in them, and of who has answered."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class WaveState(StrEnum):
    """How far a wave is; what it closes as depends on how many answered and on its key."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    UNOPENED = "unopened"  # too few answered: nothing was opened, and nothing can be any more
    VOID = "void"  # its key was lost


class Wave(Base):
    """One team, or small teams pooled, asked once; waves of one round are launched for the same reason."""

    __tablename__ = "wave"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    round: Mapped[str] = mapped_column(sa.String(80))
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    remind_after_days: Mapped[int | None]
    state: Mapped[WaveState] = mapped_column(enum_column(WaveState), index=True)
    public_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))  # from the launch on
    launched_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    needed: Mapped[int | None]  # ballots a report needs, fixed at the launch
    # How many had answered when last looked at, in whole fives: all that pages ever show.
    n_shown: Mapped[int] = mapped_column(default=0, server_default="0")
    shown_on: Mapped[dt.date | None]


class WaveTeam(Base):
    """A team in a wave."""

    __tablename__ = "wave_team"

    wave_id: Mapped[str] = mapped_column(sa.ForeignKey("wave.id"), primary_key=True)
    team_id: Mapped[str] = mapped_column(sa.ForeignKey("team.id"), primary_key=True, index=True)


class WaveMember(Base):
    """Somebody asked in a wave; the token that opens the pages is stored only as a keyed hash."""

    __tablename__ = "wave_member"

    wave_id: Mapped[str] = mapped_column(sa.ForeignKey("wave.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("team_member.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    answered: Mapped[bool] = mapped_column(default=False)

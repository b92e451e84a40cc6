"""The tables of team reports and of rounds of teams."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, JsonText, UtcDateTime


class TeamReport(Base):
    """What a closed wave says, worked out once."""

    __tablename__ = "team_report"

    wave_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    edition: Mapped[str] = mapped_column(sa.String(22), server_default="")  # changes with the content


class ClimateRound(Base):
    """All teams of a round together, at each place that may show them: released once, when it is over."""

    __tablename__ = "climate_round"

    round: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    instrument_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_on: Mapped[dt.date]
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

"""The table of team reports."""

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

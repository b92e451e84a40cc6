"""The table of panel results, one a closed round."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base


class StoredPanel(Base):
    """The result of one round, as its page, its twins and its picture show it."""

    __tablename__ = "panel_result"
    __table_args__ = (sa.Index("ix_panel_result_place", "place_id", "instrument_id"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("panel_round.id"), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    place_id: Mapped[str] = mapped_column(sa.String(40))
    closed_on: Mapped[dt.date]
    edition: Mapped[str] = mapped_column(sa.String(22))  # changes when somebody was erased from it
    document: Mapped[str] = mapped_column(sa.Text)

"""Tables of scorecards: each belongs to a place, has at most one draft, and versions that never change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, JsonText, UtcDateTime


class Scorecard(Base):
    """What a place's plans are gathered under; everything else stands in its draft and its versions."""

    __tablename__ = "scorecard"
    __table_args__ = (sa.Index("ix_scorecard_place", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ScorecardDraft(Base):
    """A plan that somebody still works on."""

    __tablename__ = "scorecard_draft"

    scorecard_id: Mapped[int] = mapped_column(
        sa.ForeignKey("scorecard.id"), primary_key=True, autoincrement=False
    )
    plan: Mapped[dict[str, Any]] = mapped_column(JsonText)
    saved_by: Mapped[str] = mapped_column(sa.String(120))
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ScorecardVersion(Base):
    """A plan as it was saved for good; the newest is the current one."""

    __tablename__ = "scorecard_version"

    scorecard_id: Mapped[int] = mapped_column(
        sa.ForeignKey("scorecard.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan: Mapped[dict[str, Any]] = mapped_column(JsonText)
    note: Mapped[str] = mapped_column(sa.String(400))
    saved_by: Mapped[str] = mapped_column(sa.String(120))
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

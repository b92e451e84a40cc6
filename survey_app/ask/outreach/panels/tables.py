"""Tables of panel rounds and of the people who agreed to be named in them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class PanelRound(Base):
    """One time that a panel judges a place; its invitations hang on a campaign of its own."""

    __tablename__ = "panel_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), unique=True)
    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"), index=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    opened_on: Mapped[dt.date]
    closes_on: Mapped[dt.date]  # the last day on which it can be answered
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(sa.String(254))


class Rater(Base):
    """One person of a round, by the name they agreed to have shown beside their judgement."""

    __tablename__ = "panel_rater"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("panel_round.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    post: Mapped[str] = mapped_column(sa.String(120))
    agreed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    agreed_with: Mapped[str] = mapped_column(sa.String(254))  # who recorded that they agreed

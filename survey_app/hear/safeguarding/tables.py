"""The table of alerts: somebody wrote that they are in danger."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column
from survey_app.hear.reading.model import DistressKind


class AlertState(StrEnum):
    """Whether a person on call has seen an alert."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"


class Alert(Base):
    """One alert; the words are sealed and for the on-call role only."""

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(
        sa.String(80), unique=True
    )  # the inbound message's id: one alert each
    kind: Mapped[DistressKind] = mapped_column(enum_column(DistressKind))
    place_id: Mapped[str | None] = mapped_column(sa.String(40))
    address_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    words_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[AlertState] = mapped_column(enum_column(AlertState))
    raised_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(sa.String(120))

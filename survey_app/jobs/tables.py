"""Tables of the clock process: who holds the lease, and which business dates have been run."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class Lease(Base):
    """Who may act as the clock; the fencing token grows with every new holder."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(64))
    token: Mapped[int]
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class JobRun(Base):
    """One job finished for one business date."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    business_date: Mapped[dt.date] = mapped_column(primary_key=True)
    finished_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

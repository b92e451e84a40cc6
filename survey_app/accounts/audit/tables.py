"""The table of the audit trail: rows are added, never changed; the database itself refuses anything else."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class AuditEntry(Base):
    """One thing somebody did; `seal` is keyed over everything in it and over the entry before."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3: a gap is a deletion
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(254))
    did: Mapped[str] = mapped_column(sa.String(80))
    about: Mapped[str] = mapped_column(sa.String(200))  # ids, never names or words
    reason: Mapped[str] = mapped_column(sa.String(200))
    seal: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

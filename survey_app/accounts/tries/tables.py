"""The table of wrong tries."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class WrongTry(Base):
    """How often one source, by its keyed hash, was wrong at one door since its window began."""

    __tablename__ = "wrong_try"

    door: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    source_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    failures: Mapped[int] = mapped_column(default=0)

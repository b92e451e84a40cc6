"""The table of the first set-up: one row, once somebody has begun."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class FirstSetUp(Base):
    """That the first account was made, and whether its maker said the rest was done; `id` is always 1."""

    __tablename__ = "first_set_up"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    begun_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

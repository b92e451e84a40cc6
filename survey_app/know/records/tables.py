"""Tables of records as they were given, with every revision; nothing outside this room reads them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class RecordImport(Base):
    """One file that was taken: who gave it, when, and which bytes it was."""

    __tablename__ = "record_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    source: Mapped[str] = mapped_column(
        sa.String(200)
    )  # where the figures come from, as whoever gave it says
    taken_by: Mapped[str] = mapped_column(sa.String(120))
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Record(Base):
    """One figure of one measure at one place in one period; a later import adds a revision beside it."""

    __tablename__ = "record"
    __table_args__ = (sa.UniqueConstraint("measure_id", "place_id", "start", "end", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[str] = mapped_column(sa.String(40))
    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"))
    start: Mapped[dt.date]
    end: Mapped[dt.date]
    revision: Mapped[int]  # 1, 2, ... of the same period; the highest stands
    numerator: Mapped[float]
    denominator: Mapped[float | None]
    note: Mapped[str] = mapped_column(sa.String(400))
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("record_import.id"), index=True)

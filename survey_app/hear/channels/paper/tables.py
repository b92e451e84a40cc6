"""The table of paper forms that are being keyed in."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class SheetState(StrEnum):
    """How far the keying of a sheet is."""

    WAITING = "waiting"  # for a second person
    DIFFERS = "differs"  # two people read it differently
    COUNTED = "counted"


class PaperEntry(Base):
    """One sheet's keying; what was read stands here sealed until the sheet is counted, and then no more."""

    __tablename__ = "paper_entry"

    # Who is erased takes the code of their letter along, and the database this row with it.
    code_id: Mapped[int] = mapped_column(
        sa.ForeignKey("code.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[SheetState] = mapped_column(enum_column(SheetState))
    first_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    first_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    second_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    second_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    keyed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

"""Tables of the weekly e-mail: who wants it, and what became of each week's letter."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class DigestReader(Base):
    """A member of staff who asked for the weekly e-mail; without a row there is none."""

    __tablename__ = "digest_reader"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class PostState(StrEnum):
    """What became of one letter."""

    CLAIMED = "claimed"  # about to be handed over, or the process ended meanwhile
    SENT = "sent"
    NOT_SENT = "not_sent"  # certainly not: it is tried again
    REFUSED = "refused"
    UNKNOWN = "unknown"  # perhaps: it is not sent again


class DigestPost(Base):
    """One person's letter of one week: its key makes that at most one is ever claimed."""

    __tablename__ = "digest_post"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    week: Mapped[dt.date] = mapped_column(primary_key=True)  # its Monday
    state: Mapped[PostState] = mapped_column(enum_column(PostState))
    tried_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    error_code: Mapped[str | None] = mapped_column(sa.String(40))

"""The table of lists on their way in: sealed, of one person, gone within the hour."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, JsonText, UtcDateTime


class PeopleUpload(Base):
    """A list between its preview and its confirmation; readable only with the contact key."""

    __tablename__ = "people_upload"

    id: Mapped[str] = mapped_column(sa.String(22), primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    columns: Mapped[dict[str, Any] | None] = mapped_column(JsonText)  # what each column is; NULL: as guessed
    report: Mapped[dict[str, Any] | None] = mapped_column(
        JsonText
    )  # taken: what it did, and refused rows stay
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

"""The table of passkeys."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class Passkey(Base):
    """Somebody's phone or security key, by its public key; `sign_count` goes up where the device counts."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(2000))
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_on: Mapped[dt.date | None]

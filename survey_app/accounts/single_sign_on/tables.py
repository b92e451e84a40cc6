"""Tables of single sign-on: whose account a subject opens, and which answers were used already."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class SsoSubject(Base):
    """The one person at a provider that opens an account, bound when they first came."""

    __tablename__ = "sso_subject"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject: Mapped[str] = mapped_column(sa.String(255))
    bound_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class SsoUse(Base):
    """An answer of the provider that was used, by its nonce's keyed hash: none opens a second session."""

    __tablename__ = "sso_use"

    nonce_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    used_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

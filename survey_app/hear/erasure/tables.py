"""The ledger of erasures: enough to erase the same person again after a restore, and nothing more."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class Erasure(Base):
    """One erased person, as the keyed hash of their reference."""

    __tablename__ = "erasure"

    reference_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    erased_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ErasedAddress(Base):
    """An address of an erased person, as its keyed index, so that a list cannot bring them back unnoticed."""

    __tablename__ = "erased_address"

    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    erased_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

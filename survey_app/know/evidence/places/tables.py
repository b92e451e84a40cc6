"""The table of findings: what a released quarter says of places, of groups and of who answered."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, enum_column


class FindingKind(StrEnum):
    """What a finding is about."""

    COMPARISON = "comparison"  # the localities below a place, beside each other
    EQUITY = "equity"  # the groups of the declared breakdown at a place
    ANSWERED = "answered"  # who answered at a place; its measure counts the replies


class StoredFinding(Base):
    """One finding as its page and twins show it."""

    __tablename__ = "finding"

    kind: Mapped[FindingKind] = mapped_column(enum_column(FindingKind), primary_key=True)
    measure_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    quarter: Mapped[dt.date] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column(sa.String(22))
    document: Mapped[str] = mapped_column(sa.Text)

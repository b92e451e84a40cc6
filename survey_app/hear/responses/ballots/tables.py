"""Tables of ballots: half written, sealed, and opened together."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, JsonText


class BallotDraft(Base):
    """A ballot not finished yet, readable only with the token of whom it belongs to and the wave's key."""

    __tablename__ = "ballot_draft"

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    wave_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)


class SealedBallot(Base):
    """A finished ballot, readable only with the wave's private key."""

    __tablename__ = "sealed_ballot"

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    wave_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Ballot(Base):
    """An opened ballot: item to value, and whether it was filled in very fast."""

    __tablename__ = "ballot"

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    wave_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    answers: Mapped[dict[str, int]] = mapped_column(JsonText)
    quick: Mapped[bool]

"""Tables of teams and of the people on them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base


class Team(Base):
    """A team of staff at a place."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)


class TeamMember(Base):
    """Somebody on a team from a day to a day; name and address are readable only with the contact key."""

    __tablename__ = "team_member"
    __table_args__ = (sa.UniqueConstraint("team_id", "address_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(sa.ForeignKey("team.id"))
    name_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))  # of what is written to
    language: Mapped[str | None] = mapped_column(sa.String(8))  # NULL: nobody said
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]

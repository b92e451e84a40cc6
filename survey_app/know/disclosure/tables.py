"""Tables of releases and of the figures they let out; nothing downstream reads any other count."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.ask.instruments.model import Audience
from survey_app.database import Base, JsonText, UtcDateTime, enum_column

PEOPLE = ""
"""The item id under which a figure counts the people of whole blocks instead of answers to one item."""


class Release(Base):
    """One moment at which figures were let out; the token says nothing but "the same" or "another"."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(22), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Figure(Base):
    """What may be shown of one item in one place and bin: whole blocks, K people, K valid answers."""

    __tablename__ = "figure"
    __table_args__ = (
        sa.UniqueConstraint(
            "place_id", "instrument_id", "instrument_version", "audience", "item_id", "bin_start", "bin_end"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    place_id: Mapped[str] = mapped_column(sa.String(40))  # a place or a neighbour group
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    item_id: Mapped[str] = mapped_column(sa.String(40))
    bin_start: Mapped[dt.date]
    bin_end: Mapped[dt.date]
    counts: Mapped[dict[str, int]] = mapped_column(JsonText)  # scored codes only; {"people": n} under PEOPLE
    n_valid: Mapped[int]
    carried: Mapped[bool]  # some answers were given in an earlier bin
    provisional: Mapped[bool]  # the bin is still open

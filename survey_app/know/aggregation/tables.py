"""Tables of neighbour groups and bins, of settled responses that wait, and of closed blocks with counts."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.ask.instruments.model import Audience
from survey_app.database import Base, UtcDateTime, enum_column

SKIPPED = -1
"""How a cell writes "skipped": part of a primary key cannot be NULL."""


class NeighbourGroup(Base):
    """Small places of one parent that are counted together, under a name people know."""

    __tablename__ = "neighbour_group"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    path: Mapped[str] = mapped_column(sa.String(200), unique=True)  # the parent's path, then the group's id


class GroupPlace(Base):
    """From which quarter on a place is counted with a group (NULL: by itself again)."""

    __tablename__ = "group_place"

    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"), primary_key=True)
    from_quarter: Mapped[dt.date] = mapped_column(primary_key=True)
    group_id: Mapped[str | None] = mapped_column(sa.ForeignKey("neighbour_group.id"))


class BinPlan(Base):
    """From which quarter on a place or group has bins of 2, 4 or 13 weeks; without a row, one week."""

    __tablename__ = "bin_plan"

    unit_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    from_quarter: Mapped[dt.date] = mapped_column(primary_key=True)
    weeks: Mapped[int]


class Regrouping(Base):
    """Who confirmed the neighbour groups and bins of a quarter."""

    __tablename__ = "regrouping"

    quarter: Mapped[dt.date] = mapped_column(primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(sa.String(120))
    confirmed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Counting(Base):
    """How far counting has come: every bin whose last day is before this date has been ended, for good."""

    __tablename__ = "counting"

    ended_before: Mapped[dt.date] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Pooled(Base):
    """A settled response that waits for a block."""

    __tablename__ = "pooled"
    __table_args__ = (
        sa.Index(
            "ix_pooled_stream", "instrument_id", "instrument_version", "audience", "settled_at", "response_id"
        ),
    )

    response_id: Mapped[int] = mapped_column(
        sa.ForeignKey("response.id"), primary_key=True, autoincrement=False
    )
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    place_id: Mapped[str] = mapped_column(sa.String(40))
    person: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    settled_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Block(Base):
    """K or more people counted together for good; nothing in it changes after closing."""

    __tablename__ = "block"
    __table_args__ = (
        sa.UniqueConstraint(
            "instrument_id", "instrument_version", "audience", "unit_id", "bin_start", "sequence"
        ),
        sa.CheckConstraint("n_people >= 10", name="enough_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    unit_id: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))  # with the parents as they were at closing
    bin_start: Mapped[dt.date]
    bin_end: Mapped[dt.date]
    sequence: Mapped[int]  # 1, 2, ... within the bin
    early: Mapped[bool]
    n_people: Mapped[int]
    n_carried: Mapped[int]  # of them settled in an earlier bin
    closed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))


class BlockMember(Base):
    """Which block a response joined: one, once, for good."""

    __tablename__ = "block_member"

    response_id: Mapped[int] = mapped_column(
        sa.ForeignKey("response.id"), primary_key=True, autoincrement=False
    )
    block_id: Mapped[int] = mapped_column(sa.ForeignKey("block.id"), index=True)


class Cell(Base):
    """How many people of a block gave one answer to one item (with those whose answers had waited)."""

    __tablename__ = "cell"

    block_id: Mapped[int] = mapped_column(sa.ForeignKey("block.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


class CountedLater(Base):
    """Which block counted an answer that had waited; every other one is counted in its response's block."""

    __tablename__ = "counted_later"

    response_id: Mapped[int] = mapped_column(
        sa.ForeignKey("response.id"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    block_id: Mapped[int] = mapped_column(sa.ForeignKey("block.id"), index=True)


class Waiting(Base):
    """An answer in a closed block whose item had too few, or all alike: it joins the next block's."""

    __tablename__ = "waiting"

    response_id: Mapped[int] = mapped_column(
        sa.ForeignKey("response.id"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    place_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    person: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

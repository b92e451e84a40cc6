"""Tables of releases and of the figures they let out; nothing downstream reads any other count."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

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


class Told(Base):
    """How far the weekly figures of one stream at one place have been told, and by which release last."""

    __tablename__ = "told"

    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    instrument_version: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), primary_key=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"))
    bin_start: Mapped[dt.date]  # the newest bin that has a figure or a gap
    bin_end: Mapped[dt.date]


class Figure(Base):
    """What may be shown of one item in one place and bin: whole blocks, K people, K valid answers."""

    __tablename__ = "figure"
    __table_args__ = (
        sa.UniqueConstraint(
            "place_id", "instrument_id", "instrument_version", "audience", "item_id", "bin_start", "bin_end"
        ),
        sa.Index(
            "ix_figure_open",
            "bin_end",
            sqlite_where=sa.text("provisional = 1"),
            postgresql_where=sa.text("provisional"),
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


class QuarterKind(StrEnum):
    """What a quarterly figure tells apart; in this order they are asked for."""

    PLACE = "place"  # one place of a neighbour group
    PRACTICE = "practice"
    CATEGORY = "category"  # of the declared breakdown, at a parent
    WEIGHTED = "weighted"  # a parent, weighted to its population


class Reason(StrEnum):
    """Why a quarterly figure is not shown; outside it always looks like too few."""

    TOO_FEW = "too_few"
    SOLVES = "solves"  # with what is out already, it would give a smaller group away
    UNPROVEN = "unproven"  # nobody could tell in time, so no
    ALL_ALIKE = "all_alike"
    NO_POPULATION = "no_population"
    TOO_UNEVEN = "too_uneven"  # weights would blow up chance


class Quarter(Base):
    """A quarter of one stream whose figures are out; the edition grows with every restatement."""

    __tablename__ = "quarter"

    instrument_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    instrument_version: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), primary_key=True)
    start: Mapped[dt.date] = mapped_column(primary_key=True)
    edition: Mapped[int]
    categories: Mapped[list[str]] = mapped_column(JsonText)  # of the breakdown as it was declared then
    left_out: Mapped[dict[str, dict[QuarterKind, list[int]]]] = mapped_column(
        JsonText
    )  # blocks, by item and kind
    n_left: Mapped[int] = mapped_column(default=0)  # people erased since, by item, at the last look
    retired: Mapped[bool] = mapped_column(default=False)  # its raw answers are gone: never restated again


class QuarterFigure(Base):
    """A figure of one quarter: people whose answers were in its weekly figures and are still held."""

    __tablename__ = "quarter_figure"
    __table_args__ = (
        sa.UniqueConstraint(
            "place_id",
            "instrument_id",
            "instrument_version",
            "audience",
            "quarter",
            "item_id",
            "kind",
            "category",
            "edition",
            name="uq_quarter_figure_once",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    place_id: Mapped[str] = mapped_column(sa.String(40))
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    quarter: Mapped[dt.date]
    item_id: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[QuarterKind] = mapped_column(enum_column(QuarterKind))
    category: Mapped[str] = mapped_column(sa.String(40))  # empty where the kind has none, or "not stated"
    edition: Mapped[int]
    counts: Mapped[dict[str, float]] = mapped_column(JsonText)  # scored codes; empty where not shown
    n_valid: Mapped[int]  # 0 where not shown
    n_effective: Mapped[float | None]  # of a weighted figure
    residents: Mapped[dict[str, int] | None] = mapped_column(JsonText)  # by category: what weights stood on
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))  # for the log; NULL where shown
    published: Mapped[bool]  # the auditor counts it as known


class AuditCell(Base):
    """How many valid answers of a block came from people alike in all that quarterly figures tell apart.

    `people` counts of them those that are their person's first of the quarter: whoever answers four times
    in a quarter is one person. `gone` is 0 for people still held, else the edition that was out when they
    were erased.
    """

    __tablename__ = "audit_cell"

    block_id: Mapped[int] = mapped_column(sa.ForeignKey("block.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    practice_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)  # empty: none
    category: Mapped[str] = mapped_column(sa.String(40), primary_key=True)  # empty: not stated
    gone: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]
    people: Mapped[int]

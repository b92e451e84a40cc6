"""The table of stored series: one measure at one place, as every page and twin shows it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column
from survey_app.know.evidence.series import LimitsStage
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import Assurance, PointState


def _later(kind: type[StrEnum]) -> sa.Enum:
    # Of columns that were added to a table: SQLite takes no new constraint without a rebuild.
    values = [member.value for member in kind]
    return sa.Enum(
        kind, native_enum=False, create_constraint=False, length=24, values_callable=lambda _: values
    )


class StoredSeries(Base):
    """A series as computed from one release, with what lists and orders need beside it."""

    __tablename__ = "series"
    __table_args__ = (
        # Holds all that lists need: on SQLite what stands behind a long document in its row is slow to reach.
        sa.Index(
            "ix_series_heads",
            "place_id",
            "latest_to",
            "state",
            "measure_id",
            "is_new",
            "strength",
            "digest",
            "latest_from",
            "latest_n",
            "chart",
            "limits",
            "assurance",
            "release",
        ),
    )

    measure_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    release: Mapped[str] = mapped_column(sa.String(22))
    revision: Mapped[str] = mapped_column(sa.String(22), server_default="")  # of what people steer it by
    document: Mapped[str] = mapped_column(sa.Text)  # the Series JSON
    # Five columns are empty in rows that an older release of the software stored.
    digest: Mapped[str | None] = mapped_column(sa.String(22))  # of the document: copies are kept by it
    latest_from: Mapped[dt.date | None]  # first day of the latest closed point
    latest_to: Mapped[dt.date | None]  # last day of the latest closed point
    latest_n: Mapped[int | None]
    state: Mapped[PointState] = mapped_column(enum_column(PointState))  # of the latest closed point
    strength: Mapped[
        float
    ]  # how far from the centre line in sigmas, where a rule is broken; orders what changed
    is_new: Mapped[bool]  # neither of the two points before had this state
    chart: Mapped[ChartKind | None] = mapped_column(_later(ChartKind))
    limits: Mapped[LimitsStage | None] = mapped_column(_later(LimitsStage))
    assurance: Mapped[Assurance | None] = mapped_column(_later(Assurance))
    computed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class StoredQuarter(Base):
    """The quarterly figures of one measure at one place, as their page and twins show them."""

    __tablename__ = "quarter_table"

    measure_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    quarter: Mapped[dt.date] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column(sa.String(22))
    document: Mapped[str] = mapped_column(sa.Text)

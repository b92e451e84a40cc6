"""Tables of targets, annotations and rebases; what is replaced or withdrawn stays, with who did it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime


class SteeringChange(Base):
    """One change of anything here, in the order in which charts must notice it."""

    __tablename__ = "steering_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class TargetRow(Base):
    """What somebody set for a measure at a place; the newest row holds, or ends the target."""

    __tablename__ = "target"
    __table_args__ = (sa.Index("ix_target_measure_id_place_id", "measure_id", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[str] = mapped_column(sa.String(80))
    place_id: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[float | None]
    since: Mapped[dt.date]
    set_by: Mapped[str] = mapped_column(sa.String(120))
    set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class AnnotationRow(Base):
    """Something that happened at a place on a day, for one measure or, without one, for all of them."""

    __tablename__ = "annotation"
    __table_args__ = (sa.Index("ix_annotation_place_id", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40))
    measure_id: Mapped[str | None] = mapped_column(sa.String(80))
    day: Mapped[dt.date]
    text: Mapped[str] = mapped_column(sa.String(120))
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(120))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class RebaseRow(Base):
    """New lines from a day on: proposed by the system, confirmed by a person who wrote down the cause."""

    __tablename__ = "rebase"
    __table_args__ = (
        # Two people, or one who presses twice, confirm a rebase once; taken back, it can be confirmed again.
        sa.Index(
            "uq_rebase_standing",
            "measure_id",
            "place_id",
            "day",
            unique=True,
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[str] = mapped_column(sa.String(80))
    place_id: Mapped[str] = mapped_column(sa.String(40))
    day: Mapped[dt.date]  # first day of the first bin of the new segment
    n_figures: Mapped[int]  # that it could rest on when it was confirmed
    reason: Mapped[str] = mapped_column(sa.String(200))
    confirmed_by: Mapped[str] = mapped_column(sa.String(120))
    confirmed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str | None] = mapped_column(sa.String(120))
    taken_back_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    taken_back_reason: Mapped[str | None] = mapped_column(sa.String(200))

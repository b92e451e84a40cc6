"""Quarterly figures, parents that change, erasure; how far weekly figures have been told."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("reference_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference_hash", name=op.f("pk_erasure")),
    )
    op.create_table(
        "quarter",
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "user",
                "carer",
                "staff",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("categories", JsonText, nullable=False),
        sa.Column("n_left", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "instrument_id", "instrument_version", "audience", "start", name=op.f("pk_quarter")
        ),
    )
    op.create_table(
        "quarter_table",
        sa.Column("measure_id", sa.String(length=80), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("release", sa.String(length=22), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", "place_id", "quarter", name=op.f("pk_quarter_table")),
    )
    op.create_table(
        "regrouping",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_regrouping")),
    )
    op.create_table(
        "audit_cell",
        sa.Column("block_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("practice_id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("gone", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_audit_cell_block_id")),
        sa.PrimaryKeyConstraint(
            "block_id", "item_id", "place_id", "practice_id", "category", "gone", name=op.f("pk_audit_cell")
        ),
    )
    op.create_table(
        "place_parent",
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("from_quarter", sa.Date(), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_parent_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_place_parent_place_id")),
        sa.PrimaryKeyConstraint("place_id", "from_quarter", name=op.f("pk_place_parent")),
    )
    op.create_table(
        "population_count",
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_population_count_place_id")),
        sa.PrimaryKeyConstraint("place_id", "category", name=op.f("pk_population_count")),
    )
    op.create_table(
        "quarter_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "user",
                "carer",
                "staff",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "place",
                "practice",
                "category",
                "weighted",
                name="quarterkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("counts", JsonText, nullable=False),
        sa.Column("n_valid", sa.Integer(), nullable=False),
        sa.Column("n_effective", sa.Double(), nullable=True),
        sa.Column("residents", JsonText, nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "too_few",
                "solves",
                "unproven",
                "all_alike",
                "no_population",
                "too_uneven",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_quarter_figure_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_figure")),
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
    op.create_index(op.f("ix_quarter_figure_release_id"), "quarter_figure", ["release_id"], unique=False)

    op.create_table(
        "told",
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "user",
                "carer",
                "staff",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("bin_start", sa.Date(), nullable=False),
        sa.Column("bin_end", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_told_release_id")),
        sa.PrimaryKeyConstraint(
            "place_id", "instrument_id", "instrument_version", "audience", name=op.f("pk_told")
        ),
    )
    op.create_table(
        "counted_later",
        sa.Column("response_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_counted_later_block_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_counted_later_response_id")),
        sa.PrimaryKeyConstraint("response_id", "item_id", name=op.f("pk_counted_later")),
    )
    op.create_index(op.f("ix_counted_later_block_id"), "counted_later", ["block_id"], unique=False)

    op.create_index(
        "ix_figure_open",
        "figure",
        ["bin_end"],
        unique=False,
        sqlite_where=sa.text("provisional = 1"),
        postgresql_where=sa.text("provisional"),
    )

    op.add_column("invitation", sa.Column("practice_id", sa.String(length=40), nullable=True))
    op.add_column("invitation", sa.Column("category", sa.String(length=40), nullable=True))

    op.add_column("participant", sa.Column("category", sa.String(length=40), nullable=True))

    op.add_column("response", sa.Column("practice_id", sa.String(length=40), nullable=True))
    op.add_column("response", sa.Column("category", sa.String(length=40), nullable=True))

    _carry_over(op.get_bind())


def _carry_over(connection: sa.Connection) -> None:
    # Which block counted an answer that had waited is not known of the past: its quarters get no figures.
    stream = "instrument_id, instrument_version, audience"
    connection.execute(
        sa.text(
            f"INSERT INTO told (place_id, {stream}, release_id, bin_start, bin_end) "  # noqa: S608 - fixed text
            f"SELECT place_id, {stream}, max(release_id), max(bin_start), max(bin_end) FROM figure "
            f"GROUP BY place_id, {stream}"
        )
    )
    # Stored series show charts that did not know how many answered: the next look computes all anew.
    connection.execute(sa.text("UPDATE series SET release = ''"))
    names = ("instrument_id", "instrument_version", "audience")
    columns = [sa.column(name) for name in names]
    blocks = sa.table("block", *columns, sa.column("bin_start", sa.Date))
    quarter = sa.table(
        "quarter",
        *(sa.column(name) for name in (*names, "edition", "n_left", "retired")),
        sa.column("start", sa.Date),
        sa.column("categories", JsonText),
    )
    past = {
        (*row[:3], _quarter_start(row.bin_start)) for row in connection.execute(sa.select(blocks).distinct())
    }
    rows = [
        dict(zip((*names, "start"), row, strict=True))
        | {"edition": 0, "n_left": 0, "categories": [], "retired": True}
        for row in past
    ]
    if rows:
        connection.execute(sa.insert(quarter), rows)


def _quarter_start(day: dt.date) -> dt.date:
    year, week, _ = day.isocalendar()
    return dt.date.fromisocalendar(year, max(first for first in (1, 14, 27, 40) if first <= week), 1)


def downgrade() -> None:
    op.drop_column("response", "category")
    op.drop_column("response", "practice_id")

    op.drop_column("participant", "category")

    op.drop_column("invitation", "category")
    op.drop_column("invitation", "practice_id")

    op.drop_index(
        "ix_figure_open",
        table_name="figure",
        sqlite_where=sa.text("provisional = 1"),
        postgresql_where=sa.text("provisional"),
    )

    op.drop_index(op.f("ix_counted_later_block_id"), table_name="counted_later")

    op.drop_table("counted_later")
    op.drop_table("told")
    op.drop_index(op.f("ix_quarter_figure_release_id"), table_name="quarter_figure")

    op.drop_table("quarter_figure")
    op.drop_table("population_count")
    op.drop_table("place_parent")
    op.drop_table("audit_cell")
    op.drop_table("regrouping")
    op.drop_table("quarter_table")
    op.drop_table("quarter")
    op.drop_table("erasure")

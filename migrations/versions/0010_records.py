"""Records of services and panels: imports with revisions, rounds, raters, results, pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ASKED = ("participant", "campaign", "response")
"""Only these know panels: blocks and releases go on refusing them, by the database itself."""
BEFORE = "('user', 'carer', 'staff')"
AFTER = "('user', 'carer', 'staff', 'panel')"


def upgrade() -> None:
    _allow(BEFORE, AFTER)
    op.create_table(
        "record_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("taken_by", sa.String(length=120), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_import")),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.String(length=40), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["record_import.id"], name=op.f("fk_record_import_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_record_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint(
            "measure_id",
            "place_id",
            "start",
            "end",
            "revision",
            name=op.f("uq_record_measure_id_place_id_start_end_revision"),
        ),
    )
    op.create_index(op.f("ix_record_import_id"), "record", ["import_id"])
    _panels()


def _panels() -> None:
    op.create_table(
        "panel_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_panel_round_campaign_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_panel_round_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_round")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_panel_round_campaign_id")),
    )
    op.create_index(op.f("ix_panel_round_place_id"), "panel_round", ["place_id"])
    op.create_table(
        "panel_rater",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_with", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_panel_rater_participant_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["panel_round.id"], name=op.f("fk_panel_rater_round_id")),
        sa.PrimaryKeyConstraint("round_id", "participant_id", name=op.f("pk_panel_rater")),
    )
    op.create_table(
        "panel_result",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.String(length=22), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["panel_round.id"], name=op.f("fk_panel_result_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_panel_result")),
    )
    op.create_index("ix_panel_result_place", "panel_result", ["place_id", "instrument_id"])
    renderings = sa.Enum(
        "svg",
        "narrow_svg",
        "png",
        name="rendering",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
    op.create_table(
        "panel_drawing",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("rendering", renderings, nullable=False),
        sa.Column("edition", sa.String(length=22), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["panel_round.id"], name=op.f("fk_panel_drawing_round_id")),
        sa.PrimaryKeyConstraint("round_id", "rendering", name=op.f("pk_panel_drawing")),
    )


def downgrade() -> None:
    for table in ("panel_drawing", "panel_result", "panel_rater", "panel_round", "record", "record_import"):
        op.drop_table(table)
    _allow(AFTER, BEFORE)


def _allow(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for table in ASKED:
            name = op.f(f"ck_{table}_audience")
            op.drop_constraint(name, table, type_="check")
            op.create_check_constraint(name, table, sa.text(f"audience IN {after}"))
        return
    # A table that others point to is not rebuilt. A check changes nothing that is stored, and the manual of
    # SQLite gives this way ("Making Other Kinds Of Table Schema Changes"); by the version others look again.
    version = int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for table in ASKED:
        changed = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = ? AND instr(sql, ?)",
            (f"audience IN {before}", f"audience IN {after}", table, f"audience IN {before}"),
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"expected the table {table} to know {before}")
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")

"""Rounds of teams, and pictures of team reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "team_report", sa.Column("edition", sa.String(length=22), server_default="", nullable=False)
    )
    op.create_table(
        "climate_round",
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("content", JsonText, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "round", "instrument_id", "instrument_version", name=op.f("pk_climate_round")
        ),
    )
    op.create_table(
        "climate_drawing",
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column(
            "rendering",
            sa.Enum(
                "svg",
                "narrow_svg",
                "png",
                name="rendering",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.String(length=22), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "rendering", name=op.f("pk_climate_drawing")),
    )


def downgrade() -> None:
    op.drop_table("climate_drawing")
    op.drop_table("climate_round")
    with op.batch_alter_table("team_report") as table:
        table.drop_column("edition")

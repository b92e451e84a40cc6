"""Findings: places beside each other, groups beside each other, who answered; and the pictures of funnels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column(
            "kind",
            sa.Enum(
                "comparison",
                "equity",
                "answered",
                name="findingkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("measure_id", sa.String(length=80), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("release", sa.String(length=22), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "measure_id", "place_id", "quarter", name=op.f("pk_finding")),
    )
    op.create_table(
        "funnel_picture",
        sa.Column("measure_id", sa.String(length=80), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("narrow", sa.Boolean(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("release", sa.String(length=22), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", "place_id", "narrow", name=op.f("pk_funnel_picture")),
    )


def downgrade() -> None:
    op.drop_table("funnel_picture")
    op.drop_table("finding")

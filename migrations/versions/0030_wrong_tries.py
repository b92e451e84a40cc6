"""Wrong tries at a door, counted for all processes together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrong_try",
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("source_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("door", "source_hash", name=op.f("pk_wrong_try")),
    )
    op.create_index(op.f("ix_wrong_try_since"), "wrong_try", ["since"])


def downgrade() -> None:
    op.drop_table("wrong_try")

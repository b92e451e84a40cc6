"""Wishes to be called that posters led to, counted; a number goes when its call is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_calls",
        sa.Column("code_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_code_calls_code_id")),
        sa.PrimaryKeyConstraint("code_id", "day", name=op.f("pk_code_calls")),
    )
    with op.batch_alter_table("call_back") as changed:
        changed.alter_column("address_sealed", existing_type=sa.LargeBinary(), nullable=True)
        changed.alter_column("address_index", existing_type=sa.LargeBinary(length=32), nullable=True)
    op.execute("UPDATE call_back SET address_sealed = NULL, address_index = NULL WHERE state = 'done'")


def downgrade() -> None:
    # A number that is gone cannot come back: what came of those calls goes with it.
    op.execute("DELETE FROM call_back WHERE address_sealed IS NULL")
    with op.batch_alter_table("call_back") as changed:
        changed.alter_column("address_index", existing_type=sa.LargeBinary(length=32), nullable=False)
        changed.alter_column("address_sealed", existing_type=sa.LargeBinary(), nullable=False)
    op.drop_table("code_calls")

"""The weekly e-mail: who wants it, and what became of each week's letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_reader",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_digest_reader_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_digest_reader")),
    )
    op.create_table(
        "digest_post",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "sent",
                "not_sent",
                "refused",
                "unknown",
                name="poststate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_digest_post_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "week", name=op.f("pk_digest_post")),
    )


def downgrade() -> None:
    op.drop_table("digest_post")
    op.drop_table("digest_reader")

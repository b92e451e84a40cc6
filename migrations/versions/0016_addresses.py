"""Addresses beside the mobile number, what WhatsApp needs of a message, what follows an unanswered one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ADDRESSES = ("email", "landline", "post")


def upgrade() -> None:
    for address in ADDRESSES:
        op.add_column("participant", sa.Column(f"{address}_sealed", sa.LargeBinary))
        op.add_column("participant", sa.Column(f"{address}_index", sa.LargeBinary(32)))
        op.create_index(f"ix_participant_{address}_index", "participant", [f"{address}_index"])
    op.add_column("outbox", sa.Column("template", JsonText))
    op.add_column("outbox", sa.Column("buttons", JsonText))
    op.add_column("outbox", sa.Column("free_until", UtcDateTime))
    op.add_column("campaign", sa.Column("fallback", JsonText))
    op.add_column("campaign", sa.Column("fallback_days", sa.Integer))
    op.add_column(
        "handset_message", sa.Column("whatsapp", sa.Boolean, server_default=sa.false(), nullable=False)
    )
    op.add_column("handset_message", sa.Column("buttons", JsonText))


def downgrade() -> None:
    for table, columns in {
        "handset_message": ("buttons", "whatsapp"),
        "campaign": ("fallback_days", "fallback"),
        "outbox": ("free_until", "buttons", "template"),
    }.items():
        for column in columns:
            op.drop_column(table, column)
    for address in reversed(ADDRESSES):
        op.drop_index(f"ix_participant_{address}_index", "participant")
        op.drop_column("participant", f"{address}_index")
        op.drop_column("participant", f"{address}_sealed")

"""Conversations that pause and are called again: timers, the open question's channel, late answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TAKEN = "state IN ('invited', 'active')"
HELD = "state IN ('invited', 'active', 'paused', 'handed_over')"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("channel", sa.String(length=24), nullable=True))
    op.add_column("conversation", sa.Column("answered_item", sa.String(length=40), nullable=True))
    op.add_column("submission", sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "conversation_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "what IN ('nudge', 'snooze', 'expiry')", name=op.f("ck_conversation_timer_timerkind")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conversation_timer_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_timer")),
        sa.UniqueConstraint(
            "conversation_id", "what", name=op.f("uq_conversation_timer_conversation_id_what")
        ),
    )
    op.create_index("ix_conversation_timer_due_at", "conversation_timer", ["due_at"])
    _index_open(HELD)


def downgrade() -> None:
    # What waits may not be more than one at a time there either: the wider rule holds the narrower.
    _index_open(TAKEN)
    op.drop_table("conversation_timer")
    op.drop_column("submission", "late")
    op.drop_column("conversation", "answered_item")
    op.drop_column("conversation", "channel")


def _index_open(which: str) -> None:
    op.drop_index("uq_conversation_open", table_name="conversation")
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["our_address", "address_index"],
        unique=True,
        sqlite_where=sa.text(which),
        postgresql_where=sa.text(which),
    )

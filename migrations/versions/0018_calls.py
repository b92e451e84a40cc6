"""Telephone calls, and the calls of simulated telephones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STAGES = "'opening', 'question', 'stop_only', 'over'"
RESULTS = "'unreached', 'broken_off', 'done'"


def upgrade() -> None:
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("address_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("opening", sa.String(length=24), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("asked_turn", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("spoken", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("direction IN ('outbound', 'inbound')", name=op.f("ck_phone_call_calldirection")),
        sa.CheckConstraint(f"stage IN ({STAGES})", name=op.f("ck_phone_call_callstage")),
        sa.CheckConstraint(f"result IN ({RESULTS})", name=op.f("ck_phone_call_callresult")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_phone_call_invitation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_phone_call_provider_id")),
        sa.UniqueConstraint("token", name=op.f("uq_phone_call_token")),
    )
    op.create_index(op.f("ix_phone_call_invitation_id"), "phone_call", ["invitation_id"])
    op.create_index(op.f("ix_phone_call_address_index"), "phone_call", ["address_index"])
    _simulated()


def _simulated() -> None:
    op.create_table(
        "handset_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("answered_by", sa.String(length=20), nullable=False),
        sa.Column("voice_url", sa.Text(), nullable=False),
        sa.Column("status_url", sa.Text(), nullable=False),
        sa.Column("action_url", sa.Text(), nullable=False),
        sa.Column("lines", JsonText, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN ('received', 'sent')", name=op.f("ck_handset_call_direction")),
        sa.CheckConstraint("state IN ('ringing', 'talking', 'over')", name=op.f("ck_handset_call_ringstate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handset_call")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_handset_call_provider_id")),
    )
    op.create_index(op.f("ix_handset_call_phone"), "handset_call", ["phone"])


def downgrade() -> None:
    op.drop_table("handset_call")
    op.drop_table("phone_call")

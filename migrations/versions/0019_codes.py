"""Codes of posters, letters and paper forms; surveys opened by them; keying of sheets; letters printed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _kind("codekind", "poster", "letter", "sheet"), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_code_campaign_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_code_invitation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_code_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_code_code_hash")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_code_invitation_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_code_nonce")),
    )
    op.create_index(op.f("ix_code_campaign_id"), "code", ["campaign_id"])
    op.create_table(
        "open_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("screen", _kind("screen", "own", "shared"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_open_start_code_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_start")),
        sa.UniqueConstraint("nonce", name=op.f("uq_open_start_nonce")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_open_start_token_hash")),
    )
    op.create_index("ix_open_start_code", "open_start", ["code_id", "started_at"])
    op.create_table(
        "paper_desk",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_paper_desk_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_paper_desk")),
    )
    op.create_table(
        "paper_entry",
        sa.Column("code_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", _kind("sheetstate", "waiting", "differs", "counted"), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=False),
        sa.Column("first_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("second_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_paper_entry_code_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["first_by"], ["staff.id"], name=op.f("fk_paper_entry_first_by")),
        sa.ForeignKeyConstraint(["second_by"], ["staff.id"], name=op.f("fk_paper_entry_second_by")),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_paper_entry")),
    )
    op.create_table(
        "letter_run",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", _kind("documentstate", "waiting", "ready", "failed", "unavailable"), nullable=False
        ),
        sa.Column("n_letters", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_letter_run_campaign_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_letter_run_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_run")),
    )
    op.create_index(op.f("ix_letter_run_campaign_id"), "letter_run", ["campaign_id"])


def downgrade() -> None:
    for table in ("letter_run", "paper_entry", "paper_desk", "open_start", "code"):
        op.drop_table(table)

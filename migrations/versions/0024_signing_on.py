"""Single sign-on and API tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sso_subject",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("bound_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sso_subject_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_sso_subject")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_sso_subject_issuer_subject")),
    )
    op.create_table(
        "sso_use",
        sa.Column("nonce_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_sso_use")),
    )
    op.create_table(
        "known_browser",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("known_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_known_browser_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_known_browser")),
    )
    op.create_index(op.f("ix_known_browser_staff_id"), "known_browser", ["staff_id"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("place_path", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_api_token_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_staff_id"), "api_token", ["staff_id"])


def downgrade() -> None:
    for table in ("api_token", "known_browser", "sso_use", "sso_subject"):
        op.drop_table(table)

"""Links sent to staff, and when somebody last signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ROLES = ("administrator", "lead", "survey_officer", "team_leader", "responder", "analyst", "auditor")


def upgrade() -> None:
    op.add_column("staff", sa.Column("signed_in_at", UtcDateTime(), nullable=True))
    op.create_table(
        "staff_pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", _one_of("passkind", "invitation", "reset"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", _one_of("role", *ROLES), nullable=True),
        sa.Column("place_path", sa.String(length=200), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_staff_pass_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_pass")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_pass_token_hash")),
    )
    op.create_index(op.f("ix_staff_pass_email"), "staff_pass", ["email"])
    op.create_index(op.f("ix_staff_pass_made_by"), "staff_pass", ["made_by"])


def downgrade() -> None:
    op.drop_table("staff_pass")
    op.drop_column("staff", "signed_in_at")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)

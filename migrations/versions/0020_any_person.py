"""How a survey's pages look, who filled it in, and people who ask to be called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HELPED = ("myself", "with_help", "on_behalf")
COLUMNS = (
    ("invitation", "appearance", ("standard", "large", "contrast", "easy")),
    ("invitation", "helped", HELPED),
    ("response", "helped", HELPED),
)


def upgrade() -> None:
    # Written out: this very statement is understood by both engines, and keeps the check at the column.
    for table, column, allowed in COLUMNS:
        listed = ", ".join(f"'{value}'" for value in allowed)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(24) "
            f"CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({listed}))"
        )
    op.create_table(
        "call_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.LargeBinary(length=32), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "wanted_when", _one_of("calltime", "any", "morning", "afternoon", "evening"), nullable=False
        ),
        sa.Column("consent", sa.String(length=24), nullable=False),
        sa.Column("state", _one_of("callstate", "open", "done"), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=120), nullable=True),
        sa.Column(
            "outcome",
            _one_of("calloutcome", "spoke", "no_answer", "not_wanted", "passed_on"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("source", name=op.f("uq_call_back_source")),
    )
    op.create_index(op.f("ix_call_back_address_index"), "call_back", ["address_index"])


def downgrade() -> None:
    op.drop_table("call_back")
    for table, column, _ in reversed(COLUMNS):
        op.drop_column(table, column)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)

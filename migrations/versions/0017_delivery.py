"""Delivery: lost messages, costs, breakers, phones out of reach, budgets, people who are left alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = "'pending', 'claimed', 'accepted', 'rejected', 'unknown', 'withdrawn'"
AFTER = f"{BEFORE}, 'lost'"
MEDIA = ("text", "email", "whatsapp", "call", "letter")
REASONS = ("bereavement", "end_of_life", "safeguarding")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("segments", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("cost", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("resent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("sent_twice", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("again_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_outbox_again_at"), "outbox", ["again_at"])
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"])
    op.add_column("campaign", sa.Column("budget_pence", sa.Integer(), nullable=True))
    op.create_table(
        "breaker",
        sa.Column("medium", _one_of("medium", MEDIA), nullable=False),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("medium", name=op.f("pk_breaker")),
    )
    op.create_table(
        "address_trouble",
        sa.Column("address_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("n_days", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("unreachable_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address_index", name=op.f("pk_address_trouble")),
    )
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("reason", _one_of("exclusionreason", REASONS), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_exclusion_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
        sa.UniqueConstraint(
            "participant_id", "reason", "from_day", name=op.f("uq_exclusion_participant_id_reason_from_day")
        ),
    )
    _allow(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("UPDATE outbox SET state = 'unknown' WHERE state = 'lost'")
    _allow(AFTER, BEFORE)
    for table in ("exclusion", "address_trouble", "breaker"):
        op.drop_table(table)
    op.drop_column("campaign", "budget_pence")
    op.drop_index(op.f("ix_outbox_sent_at"), "outbox")
    op.drop_index(op.f("ix_outbox_again_at"), "outbox")
    for column in ("again_at", "sent_twice", "resent", "cost", "segments"):
        op.drop_column("outbox", column)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _allow(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        name = op.f("ck_outbox_messagestate")
        op.drop_constraint(name, "outbox", type_="check")
        op.create_check_constraint(name, "outbox", sa.text(f"state IN ({after})"))
        return
    # As in 0011: a check changes nothing that is stored.
    version = int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'outbox' AND instr(sql, ?)",
        (f"state IN ({before})", f"state IN ({after})", f"state IN ({before})"),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"expected the table outbox to know state IN ({before})")
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")

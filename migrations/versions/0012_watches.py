"""Alerts climb until somebody takes them on, and are closed with an outcome; their trace holds no words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OUTCOMES = ("spoke", "passed_on", "not_reached", "not_needed")
STEPS = ("told", "escalated", "acknowledged", "closed")


def one_of(name: str, *values: str) -> sa.Enum:
    """Text that the database itself keeps to a list of values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    with op.batch_alter_table("alert") as alert:
        alert.drop_constraint(op.f("ck_alert_alertstate"), type_="check")
        alert.create_check_constraint(
            op.f("ck_alert_alertstate"), "state IN ('raised', 'acknowledged', 'closed')"
        )
        alert.add_column(sa.Column("escalates_at", sa.DateTime(timezone=True), nullable=True))
        alert.add_column(sa.Column("n_escalated", sa.Integer(), server_default="0", nullable=False))
        alert.add_column(sa.Column("outcome", one_of("outcome", *OUTCOMES), nullable=True))
        alert.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        alert.create_index("ix_alert_due", ["state", "escalates_at"])
    # Who was raised before this and taken on by nobody climbs at once.
    op.execute("UPDATE alert SET escalates_at = raised_at WHERE state = 'raised'")
    op.create_table(
        "alert_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("step", one_of("alertstep", *STEPS), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
    )
    op.create_index(op.f("ix_alert_event_alert_id"), "alert_event", ["alert_id"])


def downgrade() -> None:
    op.drop_table("alert_event")
    op.execute("DELETE FROM alert WHERE state = 'closed'")
    with op.batch_alter_table("alert") as alert:
        alert.drop_index("ix_alert_due")
        alert.drop_constraint(op.f("ck_alert_outcome"), type_="check")
        alert.drop_constraint(op.f("ck_alert_alertstate"), type_="check")
        alert.create_check_constraint(op.f("ck_alert_alertstate"), "state IN ('raised', 'acknowledged')")
        for name in ("closed_at", "outcome", "n_escalated", "escalates_at"):
            alert.drop_column(name)

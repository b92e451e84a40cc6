"""Actions, their cycles and verdicts; "you said, we did", and who agreed to be told of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("invite", "reminder", "question", "reply", "stop_done", "signpost", "alert")


def one_of(name: str, *values: str) -> sa.Enum:
    """Text that the database itself keeps to a list of values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.add_column("participant", sa.Column("hear_back", sa.Boolean(), nullable=True))
    _allow_kinds(KINDS, (*KINDS, "news"))
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("measure_id", sa.String(80), nullable=True),
        sa.Column("signal_week", sa.Date(), nullable=True),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("concept_id", sa.String(40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", one_of("actionstate", "planned", "doing", "done", "stopped"), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("start_noted_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_action_owner_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_action_made_by_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_action_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index("ix_action_place", "action", ["place_id"])
    op.create_table(
        "action_cycle",
        sa.Column("action_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("learnt", sa.String(600), nullable=True),
        sa.Column("decision", one_of("decision", "adopt", "adapt", "abandon"), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_cycle_action_id")),
        sa.PrimaryKeyConstraint("action_id", "number", name=op.f("pk_action_cycle")),
    )
    op.create_table(
        "action_verdict",
        sa.Column("action_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "verdict",
            one_of("verdict", "too_early", "improved", "worse", "no_change", "no_direction"),
            nullable=False,
        ),
        sa.Column("n_points", sa.Integer(), nullable=False),
        sa.Column("weeks_left", sa.Integer(), nullable=False),
        sa.Column("latest_to", sa.Date(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_verdict_action_id")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_action_verdict")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("you_said", sa.String(400), nullable=False),
        sa.Column("we_did", sa.String(400), nullable=False),
        sa.Column("text", sa.String(160), nullable=False),
        sa.Column("figures", sa.String(400), nullable=True),
        sa.Column("state", one_of("noticestate", "draft", "published", "withdrawn"), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("texting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_notice_action_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["staff.id"], name=op.f("fk_notice_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_action_id"), "notice", ["action_id"])
    op.create_index(op.f("ix_notice_place_id"), "notice", ["place_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_place_id"), table_name="notice")
    op.drop_index(op.f("ix_notice_action_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_table("action_verdict")
    op.drop_table("action_cycle")
    op.drop_index("ix_action_place", table_name="action")
    op.drop_table("action")
    op.execute("DELETE FROM outbox WHERE kind = 'news'")
    _allow_kinds((*KINDS, "news"), KINDS)
    op.drop_column("participant", "hear_back")


def _allow_kinds(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let the outbox take other kinds of message; SQLite makes the table anew, nothing points to it."""
    check = op.f("ck_outbox_messagekind")
    listed = ", ".join(f"'{kind}'" for kind in after)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(check, "outbox", type_="check")
        op.create_check_constraint(check, "outbox", f"kind IN ({listed})")
        return
    with op.batch_alter_table("outbox", copy_from=_outbox(before), recreate="always") as table:
        table.alter_column("kind", type_=one_of("messagekind", *after), existing_nullable=False)


def _outbox(kinds: tuple[str, ...]) -> sa.Table:
    return sa.Table(
        "outbox",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("kind", one_of("messagekind", *kinds), nullable=False),
        sa.Column("medium", one_of("medium", "text", "email"), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(32), nullable=False),
        sa.Column("subject", sa.String(120), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            one_of("messagestate", "pending", "claimed", "accepted", "rejected", "unknown", "withdrawn"),
            nullable=False,
        ),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("callback_token", sa.String(22), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=True),
        sa.Column("delivery", sa.String(24), nullable=True),
        sa.Column("delivery_rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("callback_token", name=op.f("uq_outbox_callback_token")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_outbox_provider_id")),
        sa.Index(op.f("ix_outbox_address_index"), "address_index"),
        sa.Index("ix_outbox_due", "state", "not_before"),
        sa.Index(op.f("ix_outbox_invitation_id"), "invitation_id"),
    )

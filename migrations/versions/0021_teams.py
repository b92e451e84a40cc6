"""Teams, waves and ballots; more roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


ROLES = "'administrator', 'lead', 'survey_officer'"
MORE_ROLES = f"{ROLES}, 'team_leader', 'responder', 'analyst', 'auditor'"


def upgrade() -> None:
    _allow_roles(MORE_ROLES)
    op.create_table(
        "ballot",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("answers", JsonText, nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_index(op.f("ix_ballot_wave_id"), "ballot", ["wave_id"])

    op.create_table(
        "ballot_draft",
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_draft")),
    )
    op.create_index(op.f("ix_ballot_draft_wave_id"), "ballot_draft", ["wave_id"])

    op.create_table(
        "sealed_ballot",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_ballot")),
    )
    op.create_index(op.f("ix_sealed_ballot_wave_id"), "sealed_ballot", ["wave_id"])

    op.create_table(
        "team_report",
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("content", JsonText, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_team_report")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("remind_after_days", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "unopened",
                "void",
                name="wavestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("launched_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
    )
    op.create_index(op.f("ix_wave_state"), "wave", ["state"])

    op.create_table(
        "team",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_team_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index(op.f("ix_team_place_id"), "team", ["place_id"])

    op.create_table(
        "team_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("team_id", "address_index", name=op.f("uq_team_member_team_id_address_index")),
    )
    op.create_table(
        "wave_team",
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_wave_team_team_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_team_wave_id")),
        sa.PrimaryKeyConstraint("wave_id", "team_id", name=op.f("pk_wave_team")),
    )
    op.create_index(op.f("ix_wave_team_team_id"), "wave_team", ["team_id"])

    op.create_table(
        "wave_member",
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["team_member.id"], name=op.f("fk_wave_member_member_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_member_wave_id")),
        sa.PrimaryKeyConstraint("wave_id", "member_id", name=op.f("pk_wave_member")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_wave_member_token_hash")),
    )


def downgrade() -> None:
    for table in (
        "wave_member",
        "wave_team",
        "team_member",
        "team",
        "wave",
        "team_report",
        "sealed_ballot",
        "ballot_draft",
        "ballot",
    ):
        op.drop_table(table)
    role = sa.table("role_grant", sa.column("role")).c.role
    op.execute(sa.delete(role.table).where(role.in_(("team_leader", "responder", "analyst", "auditor"))))
    _allow_roles(ROLES)


def _allow_roles(after: str) -> None:
    with op.batch_alter_table("role_grant") as table:
        table.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        table.create_check_constraint(op.f("ck_role_grant_role"), sa.text(f"role IN ({after})"))

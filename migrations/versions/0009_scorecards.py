"""Documents that workers print; local scorecards with their drafts and versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("back", sa.String(length=400), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "ready",
                "failed",
                "unavailable",
                name="documentstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_document_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("staff_id", "stamp", name="uq_document_once"),
    )
    op.create_index("ix_document_waiting", "document", ["state", "asked_at"], unique=False)
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_scorecard_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
    )
    op.create_index("ix_scorecard_place", "scorecard", ["place_id"], unique=False)
    op.create_table(
        "scorecard_draft",
        sa.Column("scorecard_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", JsonText, nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_scorecard_draft_scorecard_id")
        ),
        sa.PrimaryKeyConstraint("scorecard_id", name=op.f("pk_scorecard_draft")),
    )
    op.create_table(
        "scorecard_version",
        sa.Column("scorecard_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", JsonText, nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_scorecard_version_scorecard_id")
        ),
        sa.PrimaryKeyConstraint("scorecard_id", "number", name=op.f("pk_scorecard_version")),
    )


def downgrade() -> None:
    op.drop_table("scorecard_version")
    op.drop_table("scorecard_draft")
    op.drop_index("ix_scorecard_place", table_name="scorecard")
    op.drop_table("scorecard")
    op.drop_index("ix_document_waiting", table_name="document")
    op.drop_table("document")

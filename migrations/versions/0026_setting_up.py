"""Places that close, erased addresses, lists on their way in, and the first set-up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("closed_from", sa.Date(), nullable=True))
    op.create_table(
        "erased_address",
        sa.Column("address_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_index", name=op.f("pk_erased_address")),
    )
    op.create_table(
        "people_upload",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("columns", JsonText, nullable=True),
        sa.Column("report", JsonText, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_people_upload_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_upload")),
    )
    op.create_table(
        "first_set_up",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_set_up")),
    )


def downgrade() -> None:
    for table in ("first_set_up", "people_upload", "erased_address"):
        op.drop_table(table)
    op.drop_column("place", "closed_from")

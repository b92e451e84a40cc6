"""Quarterly figures leave out whole blocks with a rest too small to hide; older quarters left out none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quarter", sa.Column("left_out", JsonText, server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("quarter", "left_out")

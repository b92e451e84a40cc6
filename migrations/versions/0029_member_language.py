"""In which language somebody on a team is written to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team_member", sa.Column("language", sa.String(length=8), nullable=True))


def downgrade() -> None:
    op.drop_column("team_member", "language")

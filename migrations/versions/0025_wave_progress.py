"""How far a wave is, as pages may show it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("n_shown", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("wave", sa.Column("shown_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("wave", "shown_on")
    op.drop_column("wave", "n_shown")

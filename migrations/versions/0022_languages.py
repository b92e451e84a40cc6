"""The language chosen at a poster or a shared screen, for letters, and by a person for what follows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("open_start", sa.Column("language", sa.String(8), server_default="en", nullable=False))
    op.add_column("letter_run", sa.Column("languages", sa.String(20), server_default="", nullable=False))
    op.add_column(
        "participant", sa.Column("language_chosen", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("participant", "language_chosen")
    op.drop_column("letter_run", "languages")
    op.drop_column("open_start", "language")

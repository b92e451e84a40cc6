"""What lists of series need beside the documents: a digest, the latest bin's first day, chart, limits, assurance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("digest", "latest_from", "chart", "limits", "assurance")


def upgrade() -> None:
    # Rows stored by the release before have none of these: their documents are read instead.
    op.add_column("series", sa.Column("digest", sa.String(length=22), nullable=True))
    op.add_column("series", sa.Column("latest_from", sa.Date(), nullable=True))
    for name in ("chart", "limits", "assurance"):
        op.add_column("series", sa.Column(name, sa.String(length=24), nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("series", name)

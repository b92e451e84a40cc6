"""What lists of series need beside the documents, and an index that holds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ("digest", "latest_from", "chart", "limits", "assurance")
HEAD = (
    "place_id",
    "latest_to",
    "state",
    "measure_id",
    "is_new",
    "strength",
    "digest",
    "latest_from",
    "latest_n",
)


def upgrade() -> None:
    # Rows stored by the release before have none of these: their documents are read instead.
    op.add_column("series", sa.Column("digest", sa.String(length=22), nullable=True))
    op.add_column("series", sa.Column("latest_from", sa.Date(), nullable=True))
    for name in ("chart", "limits", "assurance"):
        op.add_column("series", sa.Column(name, sa.String(length=24), nullable=True))
    op.drop_index("ix_series_place", table_name="series")
    op.create_index("ix_series_heads", "series", [*HEAD, "chart", "limits", "assurance", "release"])


def downgrade() -> None:
    op.drop_index("ix_series_heads", table_name="series")
    op.create_index("ix_series_place", "series", ["place_id"])
    for name in reversed(COLUMNS):
        op.drop_column("series", name)

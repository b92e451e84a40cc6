"""What Alembic runs for every migration: on the connection it is given, in one transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext

from survey_app.cli.database import all_tables
from survey_app.database import JsonText, UtcDateTime


def render_type(kind: str, item: Any, _autogen: AutogenContext) -> str | bool:
    """Write the product's own column types without rooms: a migration must not change when they do."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is JsonText:
        return "JsonText"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_item=render_type,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transactional_ddl=True,  # SQLite can, since BEGIN is ours: a killed migration leaves nothing behind
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

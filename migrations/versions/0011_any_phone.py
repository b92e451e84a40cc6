"""More ways to answer and be asked (calls, WhatsApp, letters, paper, kiosks); more ends of conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MODES = ("'web', 'sms'", "'web', 'sms', 'whatsapp', 'voice', 'paper', 'kiosk'")
STATES = "'invited', 'active', 'completed', 'expired', 'opted_out', 'declined'"
WIDER = (
    ("response", "channel", "channel", *MODES),
    ("submission", "channel", "channel", *MODES),
    (
        "participant",
        "channel",
        "channelchoice",
        "'text', 'web'",
        "'text', 'web', 'whatsapp', 'call', 'email', 'letter'",
    ),
    ("outbox", "medium", "medium", "'text', 'email'", "'text', 'email', 'whatsapp', 'call', 'letter'"),
    (
        "conversation",
        "state",
        "conversationstate",
        STATES,
        f"{STATES}, 'paused', 'wrong_person', 'undeliverable', 'handed_over'",
    ),
)
"""Table, column, the enum's name, what was allowed and what is."""


def upgrade() -> None:
    _allow([(table, column, kind, old, new) for table, column, kind, old, new in WIDER])


def downgrade() -> None:
    _allow([(table, column, kind, new, old) for table, column, kind, old, new in WIDER])


def _allow(changes: list[tuple[str, str, str, str, str]]) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for table, column, kind, _, after in changes:
            name = op.f(f"ck_{table}_{kind}")
            op.drop_constraint(name, table, type_="check")
            op.create_check_constraint(name, table, sa.text(f"{column} IN ({after})"))
        return
    # As in 0010: a check changes nothing that is stored, and a table that others point to is not rebuilt.
    version = int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for table, column, _, before, after in changes:
        known = f"{column} IN ({before})"
        changed = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = ? AND instr(sql, ?)",
            (known, f"{column} IN ({after})", table, known),
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"expected the table {table} to know {known}")
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")

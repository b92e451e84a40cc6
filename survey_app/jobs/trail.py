"""The head of the audit trail, written down outside the database, so that a tail cut off inside it shows."""

from __future__ import annotations

from pathlib import Path

from survey_app.accounts.audit.proof import anchor, head_of
from survey_app.bootstrap import Runtime
from survey_app.settings import Settings


def heads_file(settings: Settings) -> Path:
    """Return where the heads stand."""
    return settings.data_dir / "audit" / "heads"


def anchor_trail(runtime: Runtime) -> bool:
    """Write the present head down; twice changes nothing."""
    with runtime.database.reading() as session:
        head = head_of(session)
    return head is not None and anchor(head, heads_file(runtime.settings), now=runtime.clock())

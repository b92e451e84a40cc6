"""The audit trail, for administrators of the whole system."""

from __future__ import annotations

from flask import abort, render_template, request

from survey_app.accounts.audit.trail import latest
from survey_app.accounts.scope import may_see
from survey_app.ask.population.places import top
from survey_app.clock import LONDON
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.web.access import Who, who_may

EACH = 100


class AuditPage:
    """Reading the trail, a page at a time."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.AUDITOR)
    def overview(self) -> str:
        """Show who did what, the newest first; of one person where one is named."""
        by = request.args.get("by", "")[:254]
        before = request.args.get("before", "")
        with self._needs.database.reading() as session:
            whole = top(session)
            if whole is None or not may_see(signed_in(), whole.path):
                abort(403)
            start = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
            entries = latest(session, before=start, by=by, limit=EACH)
        rows = [(entry, f"{entry.at.astimezone(LONDON):%d %B %Y, %H:%M:%S}") for entry in entries]
        older = entries[-1].number if len(entries) == EACH else None
        return render_template("workspace/audit.html", rows=rows, by=by, older=older)

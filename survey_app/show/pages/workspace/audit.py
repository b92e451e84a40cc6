"""The audit trail, for auditors and administrators of the whole system: an entry belongs to no place."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from survey_app.accounts.audit.trail import latest
from survey_app.accounts.scope import may_see
from survey_app.ask.population.places import top
from survey_app.clock import LONDON
from survey_app.show.charts.comma import rows_csv
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.accounts.reasons import Export, Reasons
from survey_app.show.pages.workspace.deeds import about_words, deed_words
from survey_app.show.pages.workspace.needs import Needs
from survey_app.web.access import Who, who_may

EACH = 100
MOST = 200_000
COLUMNS = ("number", "at", "by", "did", "about", "reason")


class AuditPage:
    """Reading the trail, a page at a time."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._reasons = Reasons(needs.database, needs.keys, needs.clock)

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the workspace's door."""
        door.add_url_rule("/audit", "audit", view_func=self.overview)
        door.add_url_rule("/audit/trail.csv", "audit_ask", view_func=self.ask, methods=["GET"])
        door.add_url_rule("/audit/trail.csv", "audit_give", view_func=self.give, methods=["POST"])

    @who_may(Who.AUDITOR)
    def ask(self) -> str:
        """Ask what a copy of the trail is for."""
        with self._needs.database.reading() as session:
            _insist_on_everywhere(session)
        return self._reasons.ask(self._export())

    @who_may(Who.AUDITOR)
    def give(self) -> Response | tuple[str, int]:
        """Give a copy of the trail, the newest first."""
        with self._needs.database.reading() as session:
            _insist_on_everywhere(session)
        return self._reasons.give(self._export(), self._file)

    @who_may(Who.AUDITOR)
    def overview(self) -> str:
        """Show who did what, the newest first; of one person where one is named."""
        by = request.args.get("by", "")[:254]
        before = request.args.get("before", "")
        with self._needs.database.reading() as session:
            _insist_on_everywhere(session)
            start = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
            entries = latest(session, before=start, by=by, limit=EACH)
        rows = [(entry, f"{entry.at.astimezone(LONDON):%-d %B %Y, %H:%M:%S}") for entry in entries]
        older = entries[-1].number if len(entries) == EACH else None
        words = {"deed_words": deed_words, "about_words": about_words}
        return render_template("workspace/audit.html", rows=rows, by=by, older=older, **words)

    def _export(self) -> Export:
        words = "The whole audit trail as CSV: who did what, about what, and why. Seals are not in it."
        return Export("Take the audit trail away", words, "audit trail", url_for("workspace.audit"))

    def _file(self) -> Response:
        with self._needs.database.reading() as session:
            rows = [
                (one.number, one.at.isoformat(), one.by, one.did, one.about, one.reason)
                for one in latest(session, limit=MOST)
            ]
        return Response(
            rows_csv(COLUMNS, rows),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )


def _insist_on_everywhere(session: Session) -> None:
    whole = top(session)
    if whole is None or not may_see(signed_in(), whole.path):
        abort(403)

"""The page where a list of people is sent in, as a file or pasted; only the list itself is kept, sealed."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.population.importing import uploads
from survey_app.ask.population.importing.reading import decoded, read_table
from survey_app.ask.population.people_rows import COLUMNS, OPTIONAL
from survey_app.ask.population.sheets import BadRows, RowFault
from survey_app.show.pages.accounts.gate import signed_in, takes_files
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

MOST_BYTES = 20 * 1024 * 1024


def refuse_without_reach(session: Session) -> None:
    """Stop a person whose role does not reach the whole system: a list speaks of all of it."""
    if not Reach(session, signed_in()).everywhere:
        abort(403)


class PeoplePages:
    """Sending lists of people in; what they would do is shown on a page of their own."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    def hang(self, door: Blueprint) -> None:
        """Hang the page in the workspace."""
        door.add_url_rule("/people", "people", view_func=self.ask, methods=["GET"])
        door.add_url_rule("/people", "people_send", view_func=self.send, methods=["POST"])

    @who_may(Who.OFFICER)
    def ask(self) -> str:
        """Ask for a list."""
        with self._needs.database.reading() as session:
            everywhere = Reach(session, signed_in()).everywhere
        return self._page(everywhere=everywhere)

    @who_may(Who.OFFICER)
    @takes_files(MOST_BYTES)
    def send(self) -> Response | tuple[str, int]:
        """Keep a list sealed for its sender, and lead to what it would do."""
        with self._needs.database.reading() as session:
            refuse_without_reach(session)
        try:
            text = _sent()
            read_table(text)
        except BadRows as bad:
            return self._page(faults=bad.faults), 422
        with self._needs.database.writing() as session:
            list_id = uploads.keep(
                session,
                text,
                staff_id=signed_in().staff_id,
                keys=self._needs.keys,
                now=self._needs.clock(),
            )
        return redirect(url_for("workspace.list_show", list_id=list_id), 303)

    def _page(self, *, everywhere: bool = True, faults: tuple[RowFault, ...] = ()) -> str:
        return render_template(
            "workspace/people.html",
            everywhere=everywhere,
            faults=faults,
            columns=COLUMNS,
            optional=OPTIONAL,
            breakdown=self._needs.breakdown,
        )


def _sent() -> str:
    file = request.files.get("people")
    text = decoded(file.read()) if file else ""
    text = text or request.form.get("pasted", "")
    if not text.strip():
        raise BadRows([RowFault(0, "choose a file, or paste the list")])
    return text

"""The addresses of the weekly e-mail."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.letters.needs import Needs
from survey_app.web.access import Who, who_may

__all__ = ["Needs", "blueprint"]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the weekly e-mail."""
    door = Blueprint("letters", __name__, template_folder="templates")
    pages = LetterPages(needs)
    door.add_url_rule("/dashboard/digest", view_func=pages.preview)
    door.add_url_rule("/dashboard/digest", view_func=pages.turn, methods=["POST"])
    door.add_url_rule("/digest/stop/<token>", view_func=pages.ask)
    door.add_url_rule("/digest/stop/<token>", view_func=pages.stop, methods=["POST"])
    door.after_request(_keep_private)
    return door


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


class LetterPages:
    """Asking for the e-mail, seeing it, stopping it."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def preview(self) -> str:
        """Show whether the reader gets the e-mail, and how it would read now."""
        person = signed_in()
        with self._needs.database.reading() as session:
            is_on = self._needs.desk.wants(session, person.staff_id)
            letter = self._needs.desk.letter_for(session, person, self._needs.today())
        return render_template(
            "letters/preview.html",
            is_on=is_on,
            letter=letter,
            address=person.email,
            synthetic=self._needs.synthetic(),
        )

    @who_may(Who.READER)
    def turn(self) -> AnyResponse:
        """Begin or stop the reader's own e-mail."""
        on = request.form.get("on") == "1"
        with self._needs.database.writing() as session:
            self._needs.desk.turn(session, signed_in().staff_id, on=on, now=self._needs.clock())
        return redirect(url_for("letters.preview"), 303)

    @who_may(Who.ANYONE)
    def ask(self, token: str) -> str:
        """Ask before stopping: programs that look at links must not stop anything."""
        self._whose(token)
        return render_template("letters/stop.html", stopped=False)

    @who_may(Who.ANYONE)
    def stop(self, token: str) -> str:
        """Stop the e-mail; a mail program's one click posts no form of ours: the token is the proof."""
        staff_id = self._whose(token)
        with self._needs.database.writing() as session:
            self._needs.desk.turn(session, staff_id, on=False, now=self._needs.clock())
        return render_template("letters/stop.html", stopped=True)

    def _whose(self, token: str) -> int:
        staff_id = self._needs.desk.whose(token)
        return abort(404) if staff_id is None else staff_id

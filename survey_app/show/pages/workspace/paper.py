"""Keying in paper forms: the number first, then all questions of the form on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Form

from survey_app.accounts.scope import has_role
from survey_app.accounts.tries.tries import Tries
from survey_app.ask.instruments.model import Item
from survey_app.ask.outreach.codes import making
from survey_app.ask.population.tables import Place
from survey_app.hear.channels.paper.keying import Desk, Keyed, Keying, Sheet, find_sheet, key_in, readings
from survey_app.show.pages.accounts.gate import ROLES, signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.sheet_forms import form_of, said_of
from survey_app.web.access import Who, who_may
from survey_app.web.site import refused
from survey_app.web.widgets import error_summary, summary_of

KEEPERS = ROLES[Who.OFFICER] | ROLES[Who.LEAD]
SAID = {
    Keyed.COUNTED: "The form is counted. You can put it away.",
    Keyed.WAITS: "The form is kept for a second person, who keys it without seeing what you keyed.",
    Keyed.DONE: "This form was keyed in before. Nothing was changed.",
    Keyed.OVER: "The time to answer with this form is over. Nothing was stored.",
    Keyed.SAME_PERSON: "You keyed this form yourself. Somebody else must key it the second time.",
    Keyed.EMPTY: "Nothing is ticked on this form, so there is nothing to store.",
}
PROBLEM = "There is a problem"
UNKNOWN = "We do not know that number. Check each letter and number"


@dataclass(frozen=True, slots=True)
class Differing:
    """One question that two people read differently."""

    item: Item
    first: str
    second: str


class UnknownSheet(LookupError):
    """No form in reach has this number; it is counted once the database is let go."""


class PaperPages:
    """What somebody with a pile of forms does."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._desk = Desk(needs.library, needs.keys)
        self._guesses = Tries(needs.database, needs.keys, needs.clock, "sheet")

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the workspace's door."""
        door.register_error_handler(UnknownSheet, self._unknown)
        door.add_url_rule("/paper", "paper", view_func=self.ask)
        door.add_url_rule("/paper", "paper_find", view_func=self.found, methods=["POST"])
        door.add_url_rule("/paper/key", "paper_key", view_func=self.key, methods=["POST"])

    @who_may(Who.OFFICER, Who.LEAD)
    def ask(self) -> str:
        """Ask for the number of a form, and say what became of the last one."""
        said = next((words for word, words in SAID.items() if word == request.args.get("said")), "")
        return self._ask(said=said)

    @who_may(Who.OFFICER, Who.LEAD)
    def found(self) -> Response | str | tuple[str, int]:
        """Show the questions of a form; looking changes nothing."""
        with self._needs.database.reading() as session:
            sheet = self._sheet(session)
            if sheet.waits_for_another_than(signed_in().staff_id):
                return _back(Keyed.SAME_PERSON)
            return _back(Keyed.DONE) if sheet.is_counted else self._page(sheet, form_of(sheet.asked)())

    @who_may(Who.OFFICER, Who.LEAD)
    def key(self) -> Response | str | tuple[str, int]:
        """Take what one person read off a form."""
        with self._needs.database.writing() as session:
            sheet = self._sheet(session)
            form = form_of(sheet.asked)(MultiDict(request.form))
            if not form.validate():
                return self._page(sheet, form), 422
            keying = Keying(
                signed_in().staff_id,
                said_of(form, sheet.asked),
                self._needs.clock(),
                twice=making.keyed_twice(session, sheet.campaign.id),
                settles="settles" in request.form,
            )
            became = key_in(session, sheet, keying, self._desk)
            if became in SAID:
                return _back(became)
            again = find_sheet(session, self._desk, request.form.get("number", "")) or sheet
            return self._page(again, form), 422

    def _sheet(self, session: Session) -> Sheet:
        if self._guesses.is_spent(session, request.remote_addr):
            abort(429)
        found = find_sheet(session, self._desk, request.form.get("number", ""))
        place = session.get_one(Place, found.origin.place_id) if found else None
        if found is None or place is None or not has_role(signed_in(), KEEPERS, place.path):
            raise UnknownSheet
        return found

    def _unknown(self, _fault: UnknownSheet) -> ResponseReturnValue:
        if self._guesses.failed(request.remote_addr):
            return refused(429)
        return self._ask(fault=UNKNOWN), 422

    def _ask(self, *, said: str = "", fault: str = "") -> str:
        typed = request.form.get("number", "")[:40]
        summary = summary_of([("number", fault)] if fault else [], PROBLEM)
        return render_template("workspace/paper.html", said=said, fault=fault, typed=typed, summary=summary)

    def _page(self, sheet: Sheet, form: Form) -> str:
        differing = _differing(sheet, readings(sheet, self._desk))
        return render_template(
            "workspace/sheet.html",
            sheet=sheet,
            form=form,
            number=making.printed(self._needs.keys, sheet.code),
            differing=differing,
            summary=error_summary(form, PROBLEM),
            is_fault=bool(form.errors),
        )


def _differing(
    sheet: Sheet, both: tuple[Mapping[str, str | None], Mapping[str, str | None]] | None
) -> list[Differing]:
    if both is None:
        return []
    first, second = both
    return [
        Differing(item, _label(item, first.get(item.id)), _label(item, second.get(item.id)))
        for item in sheet.asked
        if first.get(item.id) != second.get(item.id)
    ]


def _label(item: Item, raw: str | None) -> str:
    if raw is None:
        return "Left out"
    return next((option.label for option in item.options if str(option.code) == raw), raw)


def _back(said: Keyed) -> Response:
    return redirect(url_for("workspace.paper", said=said.value), 303)

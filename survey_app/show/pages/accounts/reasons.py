"""Taking data away asks why: the reason stands in the audit trail before the file leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, render_template, request

from survey_app.accounts.audit.trail import Deed, write
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.show.pages.accounts.gate import signed_in

LEAST, LONGEST = 10, 200
TOO_SHORT = f"Say in at least {LEAST} letters what it is for"


@dataclass(frozen=True, slots=True)
class Export:
    """What somebody wants to take away, in words, for the trail, and where they came from."""

    title: str
    words: str
    about: str
    back: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """The step before a file: GET asks why, POST writes it down and gives the file."""

    database: Database
    keys: Keys
    clock: Clock

    def ask(self, export: Export, *, fault: str = "") -> str:
        """Show the form."""
        typed = request.form.get("reason", "")[:LONGEST]
        return render_template("accounts/reason.html", export=export, fault=fault, typed=typed, most=LONGEST)

    def give(self, export: Export, make: Callable[[], Response]) -> Response | tuple[str, int]:
        """Give the file to who says why; it is made after the reason was written down."""
        reason = " ".join(request.form.get("reason", "").split())[:LONGEST]
        if len(reason) < LEAST:
            return self.ask(export, fault=TOO_SHORT), 422
        deed = Deed(signed_in().email, "export", export.about, reason)
        with self.database.writing() as session:
            write(session, deed, keys=self.keys, now=self.clock())
        return make()

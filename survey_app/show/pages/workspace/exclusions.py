"""The page that takes a list of people to be left alone: shown first, stored when confirmed."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.ask.outreach.excluding import exclude
from survey_app.ask.population.exclusions import (
    COLUMNS,
    OPTIONAL,
    ExclusionReport,
    n_excluded,
    read_exclusions,
)
from survey_app.ask.population.sheets import BadRows, RowFault
from survey_app.ask.population.tables import ExclusionReason
from survey_app.clock import london_day
from survey_app.show.pages.accounts.gate import signed_in, takes_files
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

MOST_BYTES = 300_000
"""The file travels back inside the confirming form, and fields of forms may have half a megabyte."""
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows besides the form; who is meant, and why, is never shown."""

    data: bytes = b""
    report: ExclusionReport | None = None
    faults: tuple[RowFault, ...] = ()
    n_withdrawn: int | None = None


class ExclusionPages:
    """Leaving people alone; a list speaks of the whole system, and so must the role."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def ask(self) -> str:
        """Show what the file must look like, and how many people are left alone."""
        return self._page(Asked())

    @who_may(Who.OFFICER)
    @takes_files(2 * MOST_BYTES)
    def show(self) -> str | tuple[str, int]:
        """Show what taking a file would do; nothing is stored."""
        file = request.files.get("people")
        data = file.read() if file else b""
        if not data or len(data) > MOST_BYTES:
            words = "choose a file" if not data else "the file is larger than 300 kB: take it by command"
            return self._page(Asked(faults=(RowFault(0, words),))), 422
        try:
            with self._needs.database.reading() as session:
                self._check(session)
                report = read_exclusions(session, data, today=london_day(self._needs.clock()))
        except BadRows as bad:
            return self._page(Asked(faults=bad.faults)), 422
        return self._page(Asked(data, report))

    @who_may(Who.OFFICER)
    @takes_files(2 * MOST_BYTES)
    def take(self) -> str | tuple[str, int]:
        """Store a file that was shown; it is checked again, for it comes from outside again."""
        try:
            with self._needs.database.writing() as session:
                self._check(session)
                data = _unpacked(request.form.get("file", ""))
                report, n_withdrawn = exclude(session, data, now=self._needs.clock())
        except BadRows as bad:
            return self._page(Asked(faults=bad.faults)), 422
        return self._page(Asked(report=report, n_withdrawn=n_withdrawn))

    def _check(self, session: Session) -> None:
        if not Reach(session, signed_in()).everywhere:
            abort(403)

    def _page(self, asked: Asked) -> str:
        with self._needs.database.reading() as session:
            everywhere = Reach(session, signed_in()).everywhere
            n_now = n_excluded(session, london_day(self._needs.clock()))
        return render_template(
            "workspace/exclusions.html",
            asked=asked,
            everywhere=everywhere,
            n_now=n_now,
            packed=b64encode(asked.data).decode(),
            faults=asked.faults[:MOST_FAULTS],
            columns=COLUMNS,
            optional=OPTIONAL,
            reasons=[*ExclusionReason],
        )


def _unpacked(packed: str) -> bytes:
    # Packed so that the very bytes come back: a browser would change line ends.
    try:
        return b64decode(packed, validate=True)
    except binascii.Error:
        return b""

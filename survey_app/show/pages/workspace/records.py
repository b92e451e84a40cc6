"""The page that takes a file of operational measures: shown first, stored when confirmed."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass

from flask import render_template, request

from survey_app.ask.population.sheets import BadRows, RowFault
from survey_app.clock import london_day
from survey_app.know.records.importing import Preview, Sheet, preview, take
from survey_app.know.records.rows import COLUMNS
from survey_app.show.pages.accounts.gate import signed_in, takes_files
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

MOST_BYTES = 300_000
"""The file travels back inside the confirming form, and fields of forms may have half a megabyte."""
MOST_SHOWN = 100
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows besides the form: a file to confirm, or what is wrong with it."""

    sheet: Sheet | None = None
    found: Preview | None = None
    faults: tuple[RowFault, ...] = ()
    stored: bool = False


class RecordPages:
    """Taking files of records for the places of a survey officer."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def ask(self) -> str:
        """Show what the file must look like."""
        return self._page(Asked())

    @who_may(Who.OFFICER)
    @takes_files(2 * MOST_BYTES)
    def show(self) -> str | tuple[str, int]:
        """Show what taking a file would do; nothing is stored."""
        file = request.files.get("records")
        data = file.read() if file else b""
        if not data or len(data) > MOST_BYTES:
            words = "choose a file" if not data else "the file is larger than 300 kB: import it by command"
            return self._page(Asked(faults=(RowFault(0, words),))), 422
        sheet = Sheet(data, (file.filename or "" if file else "")[:200], request.form.get("source", "")[:200])
        try:
            with self._needs.database.reading() as session:
                places = Reach(session, signed_in()).place_ids
                today = london_day(self._needs.clock())
                found = preview(session, sheet, self._needs.records, places, today=today)
        except BadRows as bad:
            return self._page(Asked(faults=bad.faults)), 422
        return self._page(Asked(sheet, found))

    @who_may(Who.OFFICER)
    @takes_files(2 * MOST_BYTES)
    def take(self) -> str | tuple[str, int]:
        """Store a file that was shown; it is checked again, for it comes from outside again."""
        form = request.form
        sheet = Sheet(
            _unpacked(form.get("file", "")), form.get("file_name", "")[:200], form.get("source", "")[:200]
        )
        person = signed_in()
        try:
            with self._needs.database.writing() as session:
                places = Reach(session, person).place_ids
                now, by = self._needs.clock(), f"{person.name} ({person.email})"[:120]
                found = take(session, sheet, self._needs.records, places, by=by, now=now)
        except BadRows as bad:
            return self._page(Asked(faults=bad.faults)), 422
        return self._page(Asked(found=found, stored=True))

    def _page(self, asked: Asked) -> str:
        return render_template(
            "workspace/records.html",
            asked=asked,
            packed=b64encode(asked.sheet.data).decode() if asked.sheet else "",
            faults=asked.faults[:MOST_FAULTS],
            rows=asked.found.rows[:MOST_SHOWN] if asked.found else (),
            changed={row.line for row in asked.found.changed} if asked.found else set(),
            columns=COLUMNS,
            measures=self._needs.records,
        )


def _unpacked(packed: str) -> bytes:
    # Packed so that the very bytes come back: a browser would change line ends, and the hash with them.
    try:
        return b64decode(packed, validate=True)
    except binascii.Error:
        return b""

"""The library: every set of questions with its wording, licence and evidence, as page, text and call."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from flask import abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.ask.instruments.changes import changes_between
from survey_app.ask.instruments.loader import UnknownInstrument
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.instruments.texts import measure_text
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.languages import NAMES
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.languages import languages_of
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

AUDIENCES = {
    "user": "People who use services",
    "carer": "Carers",
    "staff": "Staff",
    "panel": "Named officials, as a panel",
}


class LibraryPages:
    """Looking at what may be asked before asking it."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER, Who.LEAD, Who.ANALYST)
    def shelf(self) -> str:
        """List every set of questions."""
        with self._needs.database.reading() as session:
            used = self._uses(session)
        rows = [(one, languages_of(one), used[one.id, one.version]) for one in self._needs.library.all()]
        return render_template("workspace/library.html", rows=rows, audiences=AUDIENCES)

    @who_may(Who.OFFICER, Who.LEAD, Who.ANALYST)
    def instrument(self, instrument_id: str, version: int) -> str:
        """Show one version: what it asks in a language, where it comes from and what it speaks to."""
        found = self._one(instrument_id, version)
        said = found.in_language(request.args.get("language", found.language))
        return render_template(
            "workspace/instrument.html",
            instrument=found,
            said=said,
            audiences=AUDIENCES,
            names=NAMES,
            languages=languages_of(found),
            elements={one.id: one.title for one in self._needs.model.elements},
            sizes={item.id: measure_text(item.sms) for item in said.items},
            others=[one for one in self._needs.library.all() if one.id == found.id and one is not found],
        )

    @who_may(Who.OFFICER, Who.LEAD, Who.ANALYST)
    def changes(self, instrument_id: str, version: int, since: int) -> str:
        """Show what a version changes against another one."""
        new, old = self._one(instrument_id, version), self._one(instrument_id, since)
        return render_template("workspace/versions.html", new=new, old=old, changes=changes_between(old, new))

    def _one(self, instrument_id: str, version: int) -> Instrument:
        try:
            return self._needs.library.get(instrument_id, version)
        except UnknownInstrument:
            abort(404)

    def _uses(self, session: Session) -> Counter[tuple[str, int]]:
        reach = Reach(session, signed_in())
        found = session.scalars(sa.select(Campaign)).all()
        return Counter((one.instrument_id, one.instrument_version) for one in found if reach.has(one))

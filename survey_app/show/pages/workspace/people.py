"""The page that takes a list of people: all of it, or none with every bad line named."""

from __future__ import annotations

from flask import abort, render_template, request

from survey_app.ask.population.participants import ImportReport, import_people
from survey_app.ask.population.people_rows import COLUMNS, OPTIONAL
from survey_app.ask.population.sheets import BadRows, RowFault
from survey_app.show.pages.accounts.gate import signed_in, takes_files
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

MOST_BYTES = 20 * 1024 * 1024
MOST_FAULTS = 200


class PeoplePages:
    """Taking lists of people; a list speaks of the whole system, and so must the role."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def ask(self) -> str:
        """Show what the file must look like."""
        with self._needs.database.reading() as session:
            everywhere = Reach(session, signed_in()).everywhere
        return self._page(everywhere=everywhere)

    @who_may(Who.OFFICER)
    @takes_files(MOST_BYTES)
    def take(self) -> str | tuple[str, int]:
        """Import a file, or say what is wrong with every line of it."""
        file = request.files.get("people")
        data = file.read() if file else b""
        if not data:
            return self._page(faults=[RowFault(0, "choose a file")]), 422
        try:
            with self._needs.database.writing() as session:
                if not Reach(session, signed_in()).everywhere:
                    abort(403)
                report = import_people(
                    session,
                    data,
                    keys=self._needs.keys,
                    now=self._needs.clock(),
                    breakdown=self._needs.breakdown,
                )
        except BadRows as bad:
            return self._page(faults=list(bad.faults)), 422
        return self._page(report=report)

    def _page(
        self,
        *,
        everywhere: bool = True,
        faults: list[RowFault] | None = None,
        report: ImportReport | None = None,
    ) -> str:
        faults = faults or []
        return render_template(
            "workspace/people.html",
            everywhere=everywhere,
            faults=faults[:MOST_FAULTS],
            n_faults=len(faults),
            report=report,
            columns=COLUMNS,
            optional=OPTIONAL,
            breakdown=self._needs.breakdown,
        )

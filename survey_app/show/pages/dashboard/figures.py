"""All released figures of a reader's places in one file."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from survey_app.know.evidence import store
from survey_app.show.charts.comma import COLUMNS, rows_csv, series_rows
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.accounts.reasons import Export, Reasons
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.places.scope import as_csv
from survey_app.web.access import Who, who_may


class FigurePages:
    """Taking all figures away; one chart's figures are on its page for whoever reads it."""

    def __init__(self, needs: Needs, reasons: Reasons) -> None:
        self._needs = needs
        self._reasons = reasons

    def hang(self, door: Blueprint) -> None:
        """Hang the form and the file in the dashboard's door."""
        door.add_url_rule("/figures.csv", "figures", view_func=self.ask, methods=["GET"])
        door.add_url_rule("/figures.csv", "figures_taken", view_func=self.give, methods=["POST"])

    @who_may(Who.ANALYST)
    def ask(self) -> str:
        """Ask what the file is for."""
        return self._reasons.ask(self._export())

    @who_may(Who.ANALYST)
    def give(self) -> Response | tuple[str, int]:
        """Give the file."""
        return self._reasons.give(self._export(), self._file)

    def _export(self) -> Export:
        words = (
            "Every released figure of your places as CSV, one line a measure and week. "
            "It holds nothing about one person."
        )
        about = f"figures of {' '.join(signed_in().paths)}"
        return Export("Take all figures away", words, about, url_for("dashboard.monday"))

    def _file(self) -> Response:
        ids = [measure.id for measure in self._needs.measures.all()]
        with self._needs.database.reading() as session:
            found = store.for_measures(session, ids, signed_in().paths)
        rows = (row for series in found for row in series_rows(series))
        return as_csv(rows_csv(COLUMNS, rows), "figures.csv")

"""The page of quarterly figures of one measure at one place, and its twins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, render_template, url_for
from sqlalchemy.orm import Session

from survey_app.know.disclosure.tables import QuarterKind
from survey_app.know.evidence.quarter_lines import Line, QuarterLines, measures_with_quarters, quarter_lines
from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.charts.comma import rows_csv
from survey_app.show.charts.dates import quarter_words
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.table import range_words
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

COLUMNS = (
    "measure", "place", "quarter", "kind", "category", "edition", "value", "n", "low", "high", "n_effective",
    "withheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One quarterly figure as text; `exact` is None where it is withheld."""

    who: str
    value: str
    exact: float | None
    n: str
    interval: str
    note: str


class QuarterPages:
    """Quarterly figures for managers."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str, place_id: str) -> str:
        """Show every quarter of a measure at a place, newest first."""
        with self._needs.database.reading() as session:
            spot, measure, tree, found = self._one(session, measure_id, place_id)
            above = tree.above(spot)
        tables = [(one, quarter_words(one.start), self._rows(one, measure, spot)) for one in found]
        return render_template(
            "dashboard/quarters.html",
            synthetic=self._needs.synthetic(),
            measure=measure,
            place=spot,
            above=above,
            tables=tables,
            by_group=any(line.kind is QuarterKind.CATEGORY for one in found for line in one.lines),
        )

    @who_may(Who.READER)
    def twin(self, measure_id: str, place_id: str, twin: str) -> Response:
        """Give the same figures as JSON or CSV."""
        with self._needs.database.reading() as session:
            spot, measure, _, found = self._one(session, measure_id, place_id)
        releases = ".".join(one.release for one in found)
        stamp = f"{hashlib.sha256(releases.encode()).hexdigest()[:22]}.{twin}"
        return if_changed(
            stamp,
            lambda: _json(found, measure, spot) if twin == "json" else _table(found, measure, spot),
        )

    def _one(
        self, session: Session, measure_id: str, place_id: str
    ) -> tuple[Spot, Measure, Tree, list[QuarterLines]]:
        tree = Tree(session, signed_in(), self._needs.today())
        spot = tree.find(place_id) or abort(404)
        try:
            measure = self._needs.measures.get(measure_id)
        except UnknownMeasure:
            abort(404)
        return spot, measure, tree, quarter_lines(session, measure_id, place_id) or abort(404)

    def _rows(self, quarter: QuarterLines, measure: Measure, spot: Spot) -> list[Row]:
        titles = {category.id: category.title for category in self._needs.breakdown.categories}
        return [_row(line, measure.unit, who_words(line, spot.name, titles)) for line in quarter.lines]


def quarter_links(session: Session, spot: Spot, measures: list[Measure]) -> list[tuple[str, str]]:
    """Return titles and addresses of the quarterly figures of a place, in the order of the measures."""
    known = set(measures_with_quarters(session, spot.id))
    titles = {measure.id: measure.title for measure in measures if measure.id in known}
    return [
        (title, url_for("dashboard.quarters", measure_id=measure_id, place_id=spot.id))
        for measure_id, title in titles.items()
    ]


def who_words(line: Line, place: str, titles: Mapping[str, str]) -> str:
    """Return whom a quarterly figure is about."""
    words = {
        QuarterKind.PLACE: f"Everybody in {place}",
        QuarterKind.PRACTICE: f"Everybody of {place}",
        QuarterKind.WEIGHTED: "Everybody, weighted to the people who live here",
        QuarterKind.CATEGORY: titles.get(line.category, line.category) if line.category else "Not stated",
    }
    return words[line.kind]


def _row(line: Line, unit: str, who: str) -> Row:
    note = "Made again after answers were deleted" if line.edition > 1 else ""
    if line.value is None:
        return Row(who, "Too few answers", None, "", "", note)
    if line.n_effective:
        note = f"As certain as {line.n_effective:.0f} answers that need no weights"
    return Row(
        who=who,
        value=figure_words(line.value, unit, decimals=1),
        exact=line.value,
        n=str(line.n),
        interval=range_words(line.low, line.high, unit),
        note=note,
    )


def _json(found: list[QuarterLines], measure: Measure, spot: Spot) -> Response:
    quarters = [
        {
            "from": one.start.isoformat(),
            "release": one.release,
            "rows": [line.to_dict() for line in one.lines],
        }
        for one in found
    ]
    document = {"measure": measure.id, "place": spot.id, "unit": measure.unit, "quarters": quarters}
    return Response(json.dumps(document, separators=(",", ":")), mimetype="application/json")


def _table(found: list[QuarterLines], measure: Measure, spot: Spot) -> Response:
    rows = [(measure.id, spot.id, one.start, *_cells(line.to_dict())) for one in found for line in one.lines]
    return Response(
        rows_csv(COLUMNS, rows),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{measure.id}-{spot.id}-quarters.csv"'},
    )


def _cells(figures: dict[str, object]) -> list[object]:
    return [figures.get(name) for name in COLUMNS[3:]]

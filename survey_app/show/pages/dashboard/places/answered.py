"""The page that says who answered at a place, and its twins."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response, abort, render_template, url_for
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument, UnknownItem
from survey_app.know.evidence.places.documents import Estimate, answered_of, equity_of
from survey_app.know.evidence.places.store import Finding, newest
from survey_app.know.evidence.places.tables import FindingKind
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.show.charts.comma import rows_csv
from survey_app.show.charts.dates import quarter_words
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.table import range_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.places.scope import as_csv, spot_of, tree_of
from survey_app.show.pages.dashboard.places.who import PartRow, missing_words, part_rows, rate_words
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

COLUMNS = (
    "measure", "place", "quarter", "replies", "asked", "rr2", "rr6", "category", "people", "invited",
    "answers", "withheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """One measure as answered, and weighted to the people who live here."""

    title: str
    href: str
    plain: str
    weighted: str
    n: str
    n_effective: str
    design_effect: str


@dataclass(frozen=True, slots=True)
class Section:
    """Everything about one instrument's newest quarter."""

    title: str
    quarter: str
    release: str
    rate: str
    missing: str
    statement: str
    parts: list[PartRow]
    beside: list[Beside]


class AnsweredPages:
    """Who answered."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, place_id: str) -> str:
        """Show who answered at a place in the newest quarter, against who was invited and who lives there."""
        with self._needs.database.reading() as session:
            tree, spot, found = self._one(session, place_id)
            ids = [measure.id for measure in self._needs.measures.all()]
            groups = newest(session, FindingKind.EQUITY, ids, spot.id)
        return render_template(
            "dashboard/answered.html",
            synthetic=self._needs.synthetic(),
            place=spot,
            above=tree.above(spot),
            group=tree.group_of(spot),
            breakdown=self._needs.breakdown,
            sections=[self._section(measure, one, groups, spot) for measure, one in found],
        )

    @who_may(Who.READER)
    def twin(self, place_id: str, twin: str) -> Response:
        """Give the same as JSON or CSV."""
        with self._needs.database.reading() as session:
            _, spot, found = self._one(session, place_id)
        if not found:
            abort(404)
        stamp = ".".join([*(one.release for _, one in found), twin])
        return if_changed(stamp, lambda: _json(found, spot) if twin == "json" else _table(found, spot))

    def _one(self, session: Session, place_id: str) -> tuple[Tree, Spot, list[tuple[Measure, Finding]]]:
        tree = tree_of(session, self._needs)
        spot = spot_of(tree, place_id)
        replies = {one.id: one for one in self._needs.measures.all() if one.kind is MeasureKind.REPLIES}
        found = newest(session, FindingKind.ANSWERED, list(replies), spot.id)
        return tree, spot, [(replies[name], found[name]) for name in replies if name in found]

    def _section(self, measure: Measure, finding: Finding, groups: dict[str, Finding], spot: Spot) -> Section:
        answered, needs = answered_of(finding.document), self._needs
        instrument = needs.library.get(measure.instrument, measure.version)
        family = needs.measures.for_instrument(measure.instrument, measure.version)
        beside = [
            row
            for one in family
            if one.id in groups and (row := _beside(one, groups[one.id], spot)) is not None
        ]
        return Section(
            title=instrument.title,
            quarter=quarter_words(finding.quarter),
            release=finding.release,
            rate=rate_words(answered),
            missing=missing_words(answered, needs.breakdown),
            statement=_statement(instrument, answered.item),
            parts=part_rows(answered, needs.breakdown),
            beside=beside,
        )


def _statement(instrument: Instrument, item_id: str) -> str:
    # The finding may be of a version that had other statements than the newest one.
    try:
        return instrument.item(item_id).text if item_id else ""
    except UnknownItem:
        return ""


def _beside(measure: Measure, finding: Finding, spot: Spot) -> Beside | None:
    equity = equity_of(finding.document)
    plain, weighted = equity.unweighted, equity.weighted
    if plain is None or weighted is None:
        return None
    return Beside(
        title=measure.title,
        href=url_for("dashboard.equity", measure_id=measure.id, place_id=spot.id),
        plain=_figure(plain, measure.unit),
        weighted=_figure(weighted, measure.unit),
        n=f"{weighted.n:,}",
        n_effective=f"{weighted.n_effective or 0:,.0f}",
        design_effect=f"{weighted.design_effect or 1:.2f}",
    )


def _figure(found: Estimate, unit: str) -> str:
    ends = range_words(found.low, found.high, unit)
    value = figure_words(found.value, unit, decimals=1)
    return f"{value} ({ends})" if ends else value


def _json(found: list[tuple[Measure, Finding]], spot: Spot) -> Response:
    rows = [
        {
            "measure": measure.id,
            "quarter": one.quarter.isoformat(),
            "release": one.release,
            **one.document,
        }
        for measure, one in found
    ]
    document = {"place": spot.id, "answered": rows}
    return Response(json.dumps(document, separators=(",", ":")), mimetype="application/json")


def _table(found: list[tuple[Measure, Finding]], spot: Spot) -> Response:
    rows: list[tuple[object, ...]] = []
    for measure, finding in found:
        answered = answered_of(finding.document)
        rate = answered.rate
        numbers = (rate.n_asked, rate.rr2, rate.rr6) if rate else (None, None, None)
        head = (measure.id, spot.id, finding.quarter, answered.replies, *numbers)
        rows.append((*head, "everybody", None, None, None, None if answered.replies else "small_number"))
        rows += [
            (
                *head, part.category, part.people, part.invited, part.answers,
                "small_number" if part.answers is None else None,
            )
            for part in answered.parts
        ]  # fmt: skip
    return as_csv(rows_csv(COLUMNS, rows), f"{spot.id}-who-answered.csv")

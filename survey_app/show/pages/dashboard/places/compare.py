"""The page that compares the localities below a place, and its twins: a funnel, never a league table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import PlaceKind
from survey_app.know.disclosure.groups import are_in_scope
from survey_app.know.evidence.places.documents import Compared, Comparison, comparison_of
from survey_app.know.evidence.places.store import Finding, measures_found, newest
from survey_app.know.evidence.places.tables import FindingKind
from survey_app.know.measures.measures import Measure
from survey_app.show.charts.comma import rows_csv
from survey_app.show.charts.dates import quarter_words
from survey_app.show.charts.funnels import words
from survey_app.show.charts.funnels.store import is_drawn, names_of, picture
from survey_app.show.charts.phrases import figure_words, limit_words
from survey_app.show.charts.table import range_words
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.places.scope import as_csv, measure_of, spot_of, tree_of
from survey_app.show.pages.dashboard.tree import KINDS, Spot, Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

PARENTS = (KINDS[PlaceKind.SYSTEM], KINDS[PlaceKind.PLACE])
COLUMNS = (
    "measure", "below", "quarter", "place", "name", "value", "n", "low", "high", "usual_low", "usual_high",
    "limit_low", "limit_high", "position", "smoothed", "reliability", "withheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One place as text; `exact` is None where it is withheld."""

    name: str
    href: str | None
    exact: float | None
    value: str
    n: str
    interval: str
    limits: str
    position: str
    smoothed: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one reader may see of the comparison of one measure below one place."""

    tree: Tree
    measure: Measure
    place: Spot
    finding: Finding | None


class ComparePages:
    """Localities beside each other."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str) -> str:
        """Show the newest quarter of a measure at the localities below a place."""
        with self._needs.database.reading() as session:
            look = self._look(session, measure_id)
            known = measures_found(session, FindingKind.COMPARISON, look.place.id)
            names = _names(session, look.tree, look.finding) if look.finding else {}
            drawn = bool(look.finding and is_drawn(session, look.finding))
        tree, place = look.tree, look.place
        around = [spot for spot in (*tree.above(place), *tree.below(place)) if spot.kind in PARENTS]
        return render_template(
            "dashboard/compare.html",
            synthetic=self._needs.synthetic(),
            measure=look.measure,
            place=place,
            around=around,
            others=[one for one in self._needs.measures.all() if one.id in known],
            drawn=drawn,
            page=_said(look, names) if look.finding else None,
        )

    @who_may(Who.READER)
    def twin(self, measure_id: str, twin: str) -> Response:
        """Give the same comparison as JSON, CSV or picture."""
        with self._needs.database.reading() as session:
            look = self._look(session, measure_id)
            finding = look.finding or abort(404)

            def make() -> Response:
                if twin == "svg":
                    narrow = request.args.get("width") == "narrow"
                    content = picture(session, finding, narrow=narrow) or abort(404)
                    return Response(content, mimetype="image/svg+xml")
                names = _names(session, look.tree, finding)
                return _json(look, finding, names) if twin == "json" else _table(look, finding, names)

            return if_changed(f"{finding.release}.{finding.quarter}.{twin}", make)

    def _look(self, session: Session, measure_id: str) -> Look:
        tree, measure = tree_of(session, self._needs), measure_of(self._needs, measure_id)
        asked = request.args.get("place", "")
        place = spot_of(tree, asked) if asked else tree.home() or abort(404)
        finding = newest(session, FindingKind.COMPARISON, [measure.id], place.id).get(measure.id)
        # A locality that has moved away since is the business of others now.
        ids = [row["place"] for row in finding.document["places"]] if finding else []
        if not are_in_scope(session, ids, signed_in().paths):
            finding = None
        return Look(tree, measure, place, finding)


def _names(session: Session, tree: Tree, finding: Finding) -> Mapping[str, str]:
    ids = [row["place"] for row in finding.document["places"]]
    known = {spot.id: spot.name for one in ids if (spot := tree.find(one))}
    # A group of that quarter may have been given up since: only then is more asked of the database.
    return known if len(known) == len(set(ids)) else names_of(session, finding)


def _said(look: Look, names: Mapping[str, str]) -> dict[str, Any]:
    finding, unit = look.finding or abort(404), look.measure.unit
    comparison = comparison_of(finding.document)
    return {
        "quarter": quarter_words(finding.quarter),
        "release": finding.release,
        "summary": words.summary_words(comparison, names, unit),
        "advice": words.advice_words(comparison),
        "limits": words.limits_words(comparison),
        "smoothing": words.smoothing_words(comparison),
        "reliability": words.reliability_words(comparison),
        "alt": words.alt_words(comparison, names, unit),
        "funnel": comparison.target is not None,
        "far": any(one.position in words.FAR for one in comparison.shown),
        "smoothed": any(one.smoothed is not None for one in comparison.places),
        "rows": [_row(one, look, names) for one in _by_name(comparison, names)],
    }


def _by_name(comparison: Comparison, names: Mapping[str, str]) -> list[Compared]:
    return sorted(comparison.places, key=lambda one: (names.get(one.place, one.place), one.place))


def _row(one: Compared, look: Look, names: Mapping[str, str]) -> Row:
    unit, spot = look.measure.unit, look.tree.find(one.place)
    return Row(
        name=names.get(one.place, one.place),
        href=url_for("dashboard.place", place_id=spot.id) if spot else None,
        exact=one.value,
        value=figure_words(one.value, unit, decimals=1),
        n=str(one.n),
        interval=range_words(one.low, one.high, unit),
        limits=limit_words(*one.limits, unit) if one.limits else "",
        position=words.position_words(one.position),
        smoothed=figure_words(one.smoothed, unit, decimals=1),
    )


def _json(look: Look, finding: Finding, names: Mapping[str, str]) -> Response:
    places = sorted(finding.document["places"], key=lambda row: names.get(row["place"], row["place"]))
    document = {
        "measure": look.measure.id,
        "below": look.place.id,
        "quarter": finding.quarter.isoformat(),
        "unit": look.measure.unit,
        "release": finding.release,
        **finding.document,
        "places": [{**row, "name": names.get(row["place"], row["place"])} for row in places],
    }
    return Response(json.dumps(document, separators=(",", ":")), mimetype="application/json")


def _table(look: Look, finding: Finding, names: Mapping[str, str]) -> Response:
    comparison = comparison_of(finding.document)
    rows = [
        (
            look.measure.id, look.place.id, finding.quarter, one.place, names.get(one.place, one.place),
            one.value, one.n, one.low, one.high, *(one.usual or (None, None)),
            *(one.limits or (None, None)), one.position.value if one.position else None, one.smoothed,
            one.reliability, "small_number" if one.value is None else None,
        )
        for one in _by_name(comparison, names)
    ]  # fmt: skip
    return as_csv(rows_csv(COLUMNS, rows), f"{look.measure.id}-{look.place.id}-compared.csv")

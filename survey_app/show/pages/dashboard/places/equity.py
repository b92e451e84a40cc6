"""The page that sets the groups of the declared breakdown beside each other, and its twins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.ask.population.breakdown import Breakdown
from survey_app.know.evidence.places.documents import Ends, Equity, GroupFigure, NoSlope, equity_of
from survey_app.know.evidence.places.store import Finding, all_quarters, measures_found
from survey_app.know.evidence.places.tables import FindingKind
from survey_app.know.measures.measures import Measure
from survey_app.show.charts.comma import rows_csv
from survey_app.show.charts.dates import quarter_words
from survey_app.show.charts.interval_bar import interval_svg, scale_around
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.table import range_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.places.scope import as_csv, measure_of, spot_of, tree_of
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

COLUMNS = (
    "measure", "place", "quarter", "category", "value", "n", "low", "high", "difference",
    "difference_low", "difference_high", "withheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One group as text; `exact` is None where it is withheld."""

    who: str
    exact: float | None
    value: str
    n: str
    interval: str
    difference: str
    bar: Markup


class EquityPages:
    """Groups of people beside each other, one cut at a time."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str, place_id: str) -> str:
        """Show the newest quarter of a measure at a place by the declared breakdown."""
        with self._needs.database.reading() as session:
            tree, spot, measure, found = self._one(session, measure_id, place_id)
            known = measures_found(session, FindingKind.EQUITY, spot.id)
        finding = found[0]
        equity, breakdown = equity_of(finding.document), self._needs.breakdown
        return render_template(
            "dashboard/equity.html",
            synthetic=self._needs.synthetic(),
            measure=measure,
            place=spot,
            above=tree.above(spot),
            breakdown=breakdown,
            quarter=quarter_words(finding.quarter),
            release=finding.release,
            others=[one for one in self._needs.measures.all() if one.id in known],
            rows=_rows(equity, breakdown, measure.unit),
            summary=summary_words(equity, breakdown),
            slope=slope_words(equity, breakdown, measure.unit),
        )

    @who_may(Who.READER)
    def twin(self, measure_id: str, place_id: str, twin: str) -> Response:
        """Give every quarter of the same figures as JSON or CSV."""
        with self._needs.database.reading() as session:
            _, spot, measure, found = self._one(session, measure_id, place_id)
        releases = ".".join(f"{one.quarter}.{one.release}" for one in found)
        stamp = f"{hashlib.sha256(releases.encode()).hexdigest()[:22]}.{twin}"
        return if_changed(
            stamp, lambda: _json(found, measure, spot) if twin == "json" else _table(found, measure, spot)
        )

    def _one(
        self, session: Session, measure_id: str, place_id: str
    ) -> tuple[Tree, Spot, Measure, list[Finding]]:
        tree = tree_of(session, self._needs)
        spot, measure = spot_of(tree, place_id), measure_of(self._needs, measure_id)
        found = all_quarters(session, FindingKind.EQUITY, measure.id, spot.id)
        return tree, spot, measure, found or abort(404)


def summary_words(equity: Equity, breakdown: Breakdown) -> str:
    """Say in a sentence or two which groups differ from the others."""
    shown = [one for one in equity.groups if one.difference is not None]
    real = [one for one in shown if one.difference and (one.difference[1] > 0 or one.difference[2] < 0)]
    hidden = sum(one.value is None for one in equity.groups)
    parts = [_told(one, breakdown) for one in real]
    if not shown:
        parts = ["No two groups have figures that can be compared in this quarter."]
    elif not real:
        parts = ["No group differs from the others by more than chance explains."]
    else:
        parts.append("One such comparison in twenty looks real by chance alone.")
    if hidden:
        parts.append(f"{hidden} {'group has' if hidden == 1 else 'groups have'} too few answers to be shown.")
    return " ".join(parts)


def slope_words(equity: Equity, breakdown: Breakdown, unit: str) -> str:
    """Say how the figure changes along the order of the groups, or why that is not said."""
    first, last = breakdown.categories[0].title, breakdown.categories[-1].title
    if equity.slope is None:
        return _NO_SLOPE[equity.no_slope or NoSlope.WITHHELD]
    points = "percentage points" if unit == "percent" else "points out of 100"
    estimate, low, high = equity.slope
    sure = "" if low > 0 or high < 0 else " It may well be chance: the range includes none at all."
    ratio = ""
    if equity.ratio:
        ratio = " The relative index, the far end over the near one, is {:.2f} ({:.2f} to {:.2f}).".format(
            *equity.ratio
        )
    return (
        f"Slope index: from one end of the order ({first}) to the other ({last}) the figure "
        f"{'rises' if estimate >= 0 else 'falls'} by {abs(estimate):.1f} {points} "
        f"({_signed(low)} to {_signed(high)}), over everybody who lives here.{ratio}{sure}"
    )


_NO_SLOPE = {
    NoSlope.UNORDERED: "There is no slope index: these groups stand in no order.",
    NoSlope.SCALE: (
        "There is no slope index for a scale: how people's own scale scores vary is never published. Look at "
        "its single statements."
    ),
    NoSlope.WITHHELD: "There is no slope index: it needs every group's figure, and one has too few answers.",
    NoSlope.TOO_FEW: "There is no slope index: it needs 30 answers in every group.",
    NoSlope.NO_POPULATION: (
        "There is no slope index: it needs the number of people in each group who live here. Ask for the "
        "table of the population to be imported."
    ),
}


def _told(one: GroupFigure, breakdown: Breakdown) -> str:
    named = {category.id: category.named for category in breakdown.categories}
    estimate, low, high = one.difference or (0.0, 0.0, 0.0)
    ends = sorted((abs(low), abs(high)))
    way = "above" if estimate > 0 else "below"
    return (
        f"{named.get(one.category, one.category)} stand {abs(estimate):.1f} points {way} the others "
        f"(between {ends[0]:.1f} and {ends[1]:.1f})."
    )


def _rows(equity: Equity, breakdown: Breakdown, unit: str) -> list[Row]:
    titles = {category.id: category.title for category in breakdown.categories} | {"": "Not stated"}
    scale = scale_around(edge for one in equity.groups for edge in (one.value, one.low, one.high))
    return [_row(one, titles, unit, scale) for one in equity.groups]


def _row(one: GroupFigure, titles: Mapping[str, str], unit: str, scale: tuple[float, float]) -> Row:
    who = titles.get(one.category, one.category)
    if one.value is None:
        return Row(who, None, "Too few answers", "", "", "", Markup())
    return Row(
        who=who,
        exact=one.value,
        value=figure_words(one.value, unit, decimals=1),
        n=str(one.n),
        interval=range_words(one.low, one.high, unit),
        difference=difference_words(one.difference),
        bar=interval_svg(one.value, one.low, one.high, scale),
    )


def difference_words(ends: Ends | None) -> str:
    """Write a difference with its interval; signs say the direction."""
    return f"{_signed(ends[0])} ({_signed(ends[1])} to {_signed(ends[2])})" if ends else ""


def _signed(value: float) -> str:
    rounded = f"{abs(value):.1f}"
    if float(rounded) == 0:
        return rounded
    return f"+{rounded}" if value > 0 else f"\N{MINUS SIGN}{rounded}"


def _json(found: list[Finding], measure: Measure, spot: Spot) -> Response:
    quarters: list[dict[str, Any]] = [
        {"from": one.quarter.isoformat(), "release": one.release, **one.document} for one in found
    ]
    document = {"measure": measure.id, "place": spot.id, "unit": measure.unit, "quarters": quarters}
    return Response(json.dumps(document, separators=(",", ":")), mimetype="application/json")


def _table(found: list[Finding], measure: Measure, spot: Spot) -> Response:
    rows = [
        (
            measure.id, spot.id, finding.quarter, one.category, one.value, one.n, one.low, one.high,
            *(one.difference or (None, None, None)), "small_number" if one.value is None else None,
        )
        for finding in found
        for one in equity_of(finding.document).groups
    ]  # fmt: skip
    return as_csv(rows_csv(COLUMNS, rows), f"{measure.id}-{spot.id}-equity.csv")

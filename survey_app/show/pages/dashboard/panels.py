"""What named officials judged of a place: the page of a panel, its twins and its picture."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from flask import Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from survey_app.accounts.scope import has_role
from survey_app.know.evidence.panels.result import Judged, PanelResult, band_of
from survey_app.know.evidence.panels.store import newest_at, panel_edition, rounds_of
from survey_app.show.charts.comma import rows_csv
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.panel_store import PANELS
from survey_app.show.charts.panel_words import (
    BANDS,
    change_words,
    panel_alt,
    panel_sentence,
    points_words,
    spread_words,
)
from survey_app.show.charts.tables import Rendering
from survey_app.show.pages.accounts.gate import ROLES, asked_by_pages, signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

COLUMNS = (
    "instrument", "place", "closed", "dimension", "n", "median", "low", "quartile1", "quartile3", "high",
    "outside", "split", "before",
)  # fmt: skip
PICTURES = {"svg": (Rendering.SVG, "image/svg+xml"), "png": (Rendering.PNG, "image/png")}


@dataclass(frozen=True, slots=True)
class Line:
    """One dimension as a row of text."""

    number: int
    one: Judged
    median: str
    band: str
    spread: str
    change: str


class PanelPages:
    """Results of panels for managers; names only for those who lead the place."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, instrument_id: str, place_id: str) -> str:
        """Show the newest round, what changed since the one before, and who judged."""
        with self._needs.database.reading() as session:
            spot, tree = self._spot(session, place_id)
            rounds = rounds_of(session, instrument_id, spot.id) or abort(404)
            newest = rounds[0]
            drawn = PANELS.picture(session, newest.round_id, Rendering.NARROW_SVG) is not None
            above = tree.above(spot)
        lines = [_line(number, one) for number, one in enumerate(newest.dimensions, 1)]
        return render_template(
            "dashboard/panel.html",
            synthetic=self._needs.synthetic(),
            result=newest,
            lines=lines,
            split=[line for line in lines if line.one.split],
            sentence=panel_sentence(newest),
            alt=panel_alt(newest),
            drawn=drawn,
            place=spot,
            above=above,
            earlier=rounds[1:],
            names=has_role(signed_in(), ROLES[Who.LEAD], spot.path),
            day_words=day_words,
            points_words=points_words,
        )

    @who_may(Who.READER)
    @asked_by_pages
    def twin(self, instrument_id: str, place_id: str, twin: str) -> Response:
        """Give the newest round as JSON, CSV or picture; without names."""
        with self._needs.database.reading() as session:
            edition = panel_edition(session, instrument_id, place_id, signed_in().paths) or abort(404)

            def make() -> Response:
                newest = rounds_of(session, instrument_id, place_id)[0]
                return _picture(session, newest, twin) if twin in PICTURES else _figures(newest, twin)

            return if_changed(f"{edition}.{twin}", make)

    def _spot(self, session: Session, place_id: str) -> tuple[Spot, Tree]:
        tree = Tree(session, signed_in(), self._needs.today())
        return tree.find(place_id) or abort(404), tree


def panel_links(session: Session, spot: Spot) -> list[tuple[str, str, str]]:
    """Return title, address and sentence of the newest result of each panel of a place."""
    return [
        (
            one.title,
            url_for("dashboard.panel", instrument_id=one.instrument, place_id=spot.id),
            panel_sentence(one),
        )
        for one in newest_at(session, spot.id)
    ]


def _line(number: int, one: Judged) -> Line:
    band = BANDS[band_of(one.median)]
    return Line(number, one, points_words(one.median), band, spread_words(one), change_words(one))


def _picture(session: Session, result: PanelResult, twin: str) -> Response:
    rendering, kind = PICTURES[twin]
    if rendering is Rendering.SVG and request.args.get("width") == "narrow":
        rendering = Rendering.NARROW_SVG
    content = PANELS.picture(session, result.round_id, rendering) or abort(404)
    return Response(content, mimetype=kind)


def _figures(result: PanelResult, twin: str) -> Response:
    if twin == "json":
        document = {name: value for name, value in asdict(result).items() if name != "raters"}
        document["n_raters"] = len(result.raters)
        return Response(json.dumps(document, default=str), mimetype="application/json")
    rows = [
        (
            *(result.instrument, result.place, result.closed_on, one.title, one.n, one.median, one.low),
            *(
                one.quartile1,
                one.quartile3,
                one.high,
                one.n_outside,
                "yes" if one.split else "no",
                one.before,
            ),
        )
        for one in result.dimensions
    ]
    name = f"{result.instrument}-{result.place}.csv"
    return Response(
        rows_csv(COLUMNS, rows),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

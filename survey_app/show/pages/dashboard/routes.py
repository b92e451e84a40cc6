"""The dashboard's addresses; a place outside the reader's scope is answered like one that never was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.ask.instruments.elements import UnknownElement
from survey_app.clock import london_day
from survey_app.know.evidence import store
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.charts.comma import series_csv
from survey_app.show.charts.phrases import day_words
from survey_app.show.charts.store import drawing, is_drawn
from survey_app.show.charts.tables import Rendering
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.model import headline_measures, stacks
from survey_app.show.pages.dashboard.monday import monday
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.series_page import series_page
from survey_app.show.pages.dashboard.tiles import AUDIENCES, Tile, tile_of
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who, who_may

__all__ = ["Needs", "blueprint"]

PICTURES = {"svg": (Rendering.SVG, "image/svg+xml"), "png": (Rendering.PNG, "image/png")}


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the dashboard."""
    door = Blueprint("dashboard", __name__, url_prefix="/dashboard", template_folder="templates")
    pages = DashboardPages(needs)
    door.add_url_rule("", "monday", view_func=pages.monday)
    door.add_url_rule("/model", "model", view_func=pages.model)
    door.add_url_rule("/elements/<element_id>", "element", view_func=pages.element)
    door.add_url_rule("/places/<place_id>", "place", view_func=pages.place)
    series = "/series/<measure_id>/<place_id>"
    door.add_url_rule(series, "series", view_func=pages.series)
    door.add_url_rule(f"{series}.<any(json, csv, svg, png):twin>", "twin", view_func=pages.twin)
    door.after_request(_keep_private)
    return door


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True, slots=True)
class Reading:
    """One page's look at the stored evidence."""

    session: Session
    tree: Tree
    paths: tuple[str, ...]

    def spot(self, place_id: str) -> Spot:
        """Return a place of the reader's scope; any other is not found."""
        return self.tree.find(place_id) or abort(404)


class DashboardPages:
    """The pages of managers."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.STAFF)
    def monday(self) -> str:
        """Show what changed since last week."""
        with self._reading() as look:
            page = monday(look.session, look.tree, look.paths, self._needs.measures)
            home = look.tree.home()
        today = london_day(self._needs.clock())
        return self._page("monday", page=page, home=home, today=f"{today:%A} {day_words(today)}")

    @who_may(Who.STAFF)
    def model(self) -> str:
        """Show the logic model with the evidence of one place."""
        with self._reading() as look:
            asked_for = request.args.get("place", "")
            spot = look.spot(asked_for) if asked_for else look.tree.home()
            if spot is None:
                return self._page("empty")
            found = store.at_place(look.session, spot.id)
            columns = stacks(self._needs.model, found, spot, self._needs.measures)
            around = [*look.tree.above(spot), *look.tree.below(spot)]
        return self._page("model", place=spot, stacks=columns, around=around, model=self._needs.model)

    @who_may(Who.STAFF)
    def element(self, element_id: str) -> str:
        """Show every measure of one element at every place in scope."""
        model, measures = self._needs.model, self._needs.measures
        try:
            element = model.element(element_id)
        except UnknownElement:
            abort(404)
        rows = headline_measures(element_id, measures)
        with self._reading() as look:
            found = store.for_measures(look.session, [row.id for row in rows], look.paths)
            tables = [(row, self._tiles(found, row, look.tree)) for row in rows]
        box = model.box(element_id.rpartition(".")[0])
        return self._page("element", element=element, box=box, tables=tables, audiences=AUDIENCES)

    def _tiles(self, found: list[Series], measure: Measure, tree: Tree) -> list[Tile | None]:
        spots = [(one, tree.find(one.place)) for one in found if one.measure == measure.id]
        return [tile_of(one, spot, self._needs.measures) for one, spot in spots if spot]

    @who_may(Who.STAFF)
    def place(self, place_id: str) -> str:
        """Show every measure of one place."""
        measures = self._needs.measures
        with self._reading() as look:
            spot = look.spot(place_id)
            found = store.at_place(look.session, spot.id)
            tree = look.tree
        order = [measure.id for measure in measures.all()]
        tiles = [tile_of(found[name], spot, measures) for name in dict.fromkeys(order) if name in found]
        return self._page("place", place=spot, tiles=[tile for tile in tiles if tile], tree=tree)

    @who_may(Who.STAFF)
    def series(self, measure_id: str, place_id: str) -> str:
        """Show one series: picture, sentence, limits and rules in words, table, how it was made."""
        with self._reading() as look:
            series, measure, spot = self._one(look, measure_id, place_id)
            drawn = is_drawn(look.session, measure_id, place_id)
            above = look.tree.above(spot)
        page = series_page(series, measure, self._needs.library)
        elements = [self._needs.model.element(name) for name in measure.elements]
        return self._page(
            "series", page=page, series=series, place=spot, above=above, drawn=drawn, elements=elements
        )

    @who_may(Who.STAFF)
    def twin(self, measure_id: str, place_id: str, twin: str) -> Response:
        """Give the same series as JSON, CSV or picture."""
        with self._reading() as look:
            series, _, _ = self._one(look, measure_id, place_id)
            if twin in PICTURES:
                rendering, kind = PICTURES[twin]
                narrow = rendering is Rendering.SVG and request.args.get("width") == "narrow"
                content = drawing(
                    look.session, measure_id, place_id, Rendering.NARROW_SVG if narrow else rendering
                )
                return Response(content or abort(404), mimetype=kind)
        if twin == "json":
            return Response(series.to_json(), mimetype="application/json")
        name = f"{measure_id}-{place_id}.csv"
        return Response(
            series_csv(series),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _one(self, look: Reading, measure_id: str, place_id: str) -> tuple[Series, Measure, Spot]:
        spot = look.spot(place_id)
        try:
            measure = self._needs.measures.get(measure_id)
        except UnknownMeasure:
            abort(404)
        series = store.stored(look.session, measure_id, spot.id)
        return series or abort(404), measure, spot

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        person = signed_in()
        with self._needs.database.reading() as session:
            day = london_day(self._needs.clock())
            yield Reading(session, Tree(session, person, day), person.paths)

    def _page(self, name: str, **shown: object) -> str:
        return render_template(f"dashboard/{name}.html", synthetic=self._needs.synthetic(), **shown)

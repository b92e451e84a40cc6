"""The dashboard's addresses; a place outside the reader's scope is answered like one that never was."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.show.charts.alt import Titles
from survey_app.show.charts.comma import series_csv
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.stamps import series_stamp
from survey_app.show.charts.store import drawing
from survey_app.show.charts.tables import Rendering
from survey_app.show.charts.workbook import series_xlsx
from survey_app.show.pages.accounts.gate import asked_by_pages, signed_in
from survey_app.show.pages.accounts.reasons import Reasons
from survey_app.show.pages.dashboard.contents import Content, Contents, Look
from survey_app.show.pages.dashboard.documents import hang_documents
from survey_app.show.pages.dashboard.figures import FigurePages
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.panels import PanelPages
from survey_app.show.pages.dashboard.places.pages import hang as hang_places
from survey_app.show.pages.dashboard.quarters import QuarterPages
from survey_app.show.pages.dashboard.scorecards.hanging import hang_scorecards
from survey_app.show.pages.dashboard.steering import routes as steering
from survey_app.show.pages.dashboard.tree import Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

__all__ = ["Needs", "blueprint"]

PICTURES = {"svg": (Rendering.SVG, "image/svg+xml"), "png": (Rendering.PNG, "image/png")}


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the dashboard; each page has a `/live` beside it that open copies ask for news."""
    door = Blueprint("dashboard", __name__, url_prefix="/dashboard", template_folder="templates")
    pages = DashboardPages(needs)
    series = "/series/<measure_id>/<place_id>"
    for address, name, page, now in (
        ("", "monday", pages.monday, pages.monday_now),
        ("/model", "model", pages.model, pages.model_now),
        ("/elements/<element_id>", "element", pages.element, pages.element_now),
        ("/measures/<measure_id>", "measure", pages.measure, pages.measure_now),
        ("/places/<place_id>", "place", pages.place, pages.place_now),
        (series, "series", pages.series, pages.series_now),
    ):
        door.add_url_rule(address, name, view_func=page)
        door.add_url_rule(f"{address}/live", f"{name}_now", view_func=now)
    door.add_url_rule(f"{series}.<any(json, csv, xlsx, svg, png):twin>", "twin", view_func=pages.twin)
    quarters, address = QuarterPages(needs), "/quarters/<measure_id>/<place_id>"
    door.add_url_rule(address, "quarters", view_func=quarters.page)
    door.add_url_rule(f"{address}.<any(json, csv):twin>", "quarters_twin", view_func=quarters.twin)
    panels, address = PanelPages(needs), "/panels/<instrument_id>/<place_id>"
    door.add_url_rule(address, "panel", view_func=panels.page)
    door.add_url_rule(f"{address}.<any(json, csv, svg, png):twin>", "panel_twin", view_func=panels.twin)
    steering.hang(door, needs, series)
    hang_documents(door, needs)
    FigurePages(needs, Reasons(needs.database, needs.keys, needs.clock)).hang(door)
    hang_scorecards(door, needs)
    door.context_processor(lambda: {"day_words": day_words})
    hang_places(door, needs)
    door.after_request(_keep_private)
    return door


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True, slots=True)
class Now:
    """Where an open page asks for news, and the stamp of what it shows."""

    address: str
    stamp: str


class DashboardPages:
    """The pages of managers."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._contents = Contents(needs)

    @who_may(Who.READER)
    def monday(self) -> str:
        """Show what changed since last week."""
        return self._whole(self._contents.monday())

    @who_may(Who.READER)
    @asked_by_pages
    def monday_now(self) -> Response:
        """Give the changes of the week, if they are others."""
        return self._part(self._contents.monday())

    @who_may(Who.READER)
    def model(self) -> str:
        """Show the logic model with the evidence of one place."""
        return self._whole(self._contents.model(_asked("place"), _asked("framework"), _asked("view")))

    @who_may(Who.READER)
    @asked_by_pages
    def model_now(self) -> Response:
        """Give the model's columns, if the evidence is another."""
        return self._part(self._contents.model(_asked("place"), _asked("framework"), _asked("view")))

    @who_may(Who.READER)
    def element(self, element_id: str) -> str:
        """Show every measure of one element."""
        return self._whole(self._contents.element(element_id, _asked("place")))

    @who_may(Who.READER)
    @asked_by_pages
    def element_now(self, element_id: str) -> Response:
        """Give the element's tables, if figures are others."""
        return self._part(self._contents.element(element_id, _asked("place")))

    @who_may(Who.READER)
    def measure(self, measure_id: str) -> str:
        """Show one measure at every place in scope."""
        return self._whole(self._contents.measure(measure_id))

    @who_may(Who.READER)
    @asked_by_pages
    def measure_now(self, measure_id: str) -> Response:
        """Give the measure's table, if figures are others."""
        return self._part(self._contents.measure(measure_id))

    @who_may(Who.READER)
    def place(self, place_id: str) -> str:
        """Show every measure of one place."""
        return self._whole(self._contents.place(place_id))

    @who_may(Who.READER)
    @asked_by_pages
    def place_now(self, place_id: str) -> Response:
        """Give the place's tables, if figures are others."""
        return self._part(self._contents.place(place_id))

    @who_may(Who.READER)
    def series(self, measure_id: str, place_id: str) -> str:
        """Show one series."""
        return self._whole(self._contents.series(measure_id, place_id))

    @who_may(Who.READER)
    @asked_by_pages
    def series_now(self, measure_id: str, place_id: str) -> Response:
        """Give one series, if its release or its picture is another."""
        return self._part(self._contents.series(measure_id, place_id))

    @who_may(Who.READER)
    @asked_by_pages
    def twin(self, measure_id: str, place_id: str, twin: str) -> Response:
        """Give the same series as JSON, CSV, workbook or picture; pages fetch pictures by themselves."""
        with self._needs.database.reading() as session:
            found = series_stamp(session, measure_id, place_id, signed_in().paths) or abort(404)

            def make() -> Response:
                look = self._look(session)
                if twin in PICTURES:
                    return _picture(look, measure_id, place_id, twin)
                series, measure, spot = self._contents.one(look, measure_id, place_id)
                if twin == "json":
                    return Response(series.to_json(), mimetype="application/json")
                name = f"{measure_id}-{place_id}.{twin}"
                if twin == "xlsx":
                    return _workbook(series_xlsx(series, Titles(measure.title, spot.name)), name)
                return _table(series_csv(series), name)

            return if_changed(f"{found.edition}.{twin}", make)

    def _whole(self, content: Content) -> str:
        with self._needs.database.reading() as session:
            # First the stamp: whatever is released while the page is made, its next look will fetch.
            stamp = content.stamp(session, signed_in().paths) or abort(404)
            shown = content.shown(self._look(session))
        return render_template(
            f"dashboard/{content.name if shown else 'empty'}.html",
            synthetic=self._needs.synthetic(),
            now=Now(content.address, stamp),
            **shown,
        )

    def _part(self, content: Content) -> Response:
        with self._needs.database.reading() as session:
            stamp = content.stamp(session, signed_in().paths) or abort(404)

            def make() -> Response:
                shown = content.shown(self._look(session)) or abort(404)
                return Response(render_template(f"dashboard/now/{content.name}.html", **shown))

            return if_changed(stamp, make)

    def _look(self, session: Session) -> Look:
        person, day = signed_in(), self._contents.today()
        return Look(session, Tree(session, person, day), person.paths, day)


def _asked(name: str) -> str:
    return request.args.get(name, "")


def _picture(look: Look, measure_id: str, place_id: str, twin: str) -> Response:
    look.spot(place_id)
    rendering, kind = PICTURES[twin]
    if rendering is Rendering.SVG and request.args.get("width") == "narrow":
        rendering = Rendering.NARROW_SVG
    return Response(
        drawing(look.session, measure_id, place_id, rendering) or abort(404),
        mimetype=kind,
    )


def _table(text: str, name: str) -> Response:
    return Response(
        text,
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _workbook(content: bytes, name: str) -> Response:
    return Response(
        content,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

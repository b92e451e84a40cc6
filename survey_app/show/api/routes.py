"""The API's addresses; a place outside the token's reach is answered like one that never was."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort

from survey_app.know.evidence import store
from survey_app.know.measures.measures import Measure
from survey_app.show.api.bearer import BearerGate, paths
from survey_app.show.api.heads import Head, heads
from survey_app.show.api.needs import Needs
from survey_app.show.api.openapi import document
from survey_app.show.api.paging import BadQuery, after_in, asked_id, asked_part, listed
from survey_app.show.api.spots import Spot, spots
from survey_app.show.charts.stamps import series_stamp
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed
from survey_app.web.problems import problem

__all__ = ["Needs", "blueprint"]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the API."""
    door = Blueprint("api", __name__, url_prefix="/api/v1")
    api = Api(needs)
    door.before_request(BearerGate(needs).check)
    door.add_url_rule("/openapi.json", "openapi", view_func=api.openapi)
    door.add_url_rule("/places", "places", view_func=api.places)
    door.add_url_rule("/measures", "measures", view_func=api.measures)
    door.add_url_rule("/series", "series", view_func=api.series)
    door.add_url_rule("/series/<measure_id>/<place_id>", "one", view_func=api.one)
    door.register_error_handler(BadQuery, lambda fault: problem(400, str(fault)))
    door.after_request(_keep_private)
    return door


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


class Api:
    """What programs may read."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._measures = {measure.id: needs.measures.get(measure.id) for measure in needs.measures.all()}

    @who_may(Who.TOKEN)
    def openapi(self) -> Response:
        """Describe the API as OpenAPI 3.1."""
        return Response(json.dumps(document(self._needs.service_name)), mimetype="application/json")

    @who_may(Who.TOKEN)
    def places(self) -> Response:
        """List the places and neighbour groups of the token's reach."""
        part = asked_part()
        rows = after_in(list(self._spots().values()), part, lambda spot: spot.id)
        return listed(rows, part, lambda spot: spot.id, Spot.to_dict)

    @who_may(Who.TOKEN)
    def measures(self) -> Response:
        """List every measure in its newest version."""
        part = asked_part()
        rows = after_in(list(self._measures.values()), part, lambda measure: measure.id)
        return listed(rows, part, lambda measure: measure.id, _measure)

    @who_may(Who.TOKEN)
    def series(self) -> Response:
        """List the series of the token's reach, of one place or measure where asked."""
        part, place, measure = asked_part(), asked_id("place"), asked_id("measure")
        reach = set(self._spots())
        if place and place not in reach:
            abort(404)
        with self._needs.database.reading() as session:
            found = heads(
                session,
                {place} if place else reach,
                {measure} & set(self._measures) if measure else set(self._measures),
                part,
            )
        return listed(found, part, lambda head: head.key, Head.to_dict)

    @who_may(Who.TOKEN)
    def one(self, measure_id: str, place_id: str) -> Response:
        """Give one series, exactly as its page and twins show it."""
        if measure_id not in self._measures or place_id not in self._spots():
            abort(404)
        with self._needs.database.reading() as session:
            found = series_stamp(session, measure_id, place_id, paths()) or abort(404)

            def make() -> Response:
                series = store.stored(session, measure_id, place_id) or abort(404)
                return Response(series.to_json(), mimetype="application/json")

            return if_changed(f"{found.edition}.json", make)

    def _spots(self) -> dict[str, Spot]:
        with self._needs.database.reading() as session:
            return {spot.id: spot for spot in spots(session, paths(), self._needs.today())}


def _measure(measure: Measure) -> dict[str, object]:
    return {
        "id": measure.id,
        "title": measure.title,
        "statement": measure.statement,
        "unit": measure.unit,
        "direction": measure.direction.value,
        "audience": measure.audience.value if measure.audience else None,
        "elements": list(measure.elements),
        "instrument": measure.instrument,
        "version": measure.version,
    }

"""What each page shows, its stamp, and where an open copy asks for news: one description, two renderings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, url_for
from sqlalchemy.orm import Session

from survey_app.ask.instruments.elements import UnknownElement
from survey_app.know.evidence import store
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.charts.phrases import day_words
from survey_app.show.charts.stamps import releases_stamp, series_stamp
from survey_app.show.charts.store import drawn_of
from survey_app.show.charts.tables import ON_PAGES, Rendering
from survey_app.show.pages.dashboard.model import headline_measures, stacks
from survey_app.show.pages.dashboard.monday import monday
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.panels import panel_links
from survey_app.show.pages.dashboard.quarters import quarter_links
from survey_app.show.pages.dashboard.record_page import record_facts
from survey_app.show.pages.dashboard.series_page import series_page
from survey_app.show.pages.dashboard.tiles import AUDIENCES, Tile, tile_of
from survey_app.show.pages.dashboard.tree import Spot, Tree

Paths = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One page's look at the stored evidence."""

    session: Session
    tree: Tree
    paths: Paths
    day: dt.date

    def spot(self, place_id: str) -> Spot:
        """Return a place of the reader's scope; any other is not found."""
        return self.tree.find(place_id) or abort(404)


@dataclass(frozen=True, slots=True)
class Content:
    """One page: `stamp` is None where the reader may see nothing, `shown` is empty where there is nothing."""

    name: str
    address: str
    stamp: Callable[[Session, Paths], str | None]
    shown: Callable[[Look], dict[str, Any]]


class Contents:
    """The pages of managers."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    def monday(self) -> Content:
        """Describe what changed since last week."""

        def shown(look: Look) -> dict[str, Any]:
            page = monday(look.session, look.tree, look.paths, self._needs.measures)
            return {"page": page, "home": look.tree.home(), "today": f"{look.day:%A} {day_words(look.day)}"}

        return Content("monday", url_for("dashboard.monday_now"), releases_stamp, shown)

    def model(self, place_id: str) -> Content:
        """Describe the logic model with the evidence of one place, or of the reader's topmost."""

        def shown(look: Look) -> dict[str, Any]:
            spot = look.spot(place_id) if place_id else look.tree.home()
            if spot is None:
                return {}
            model, found = self._needs.model, store.at_place(look.session, spot.id)
            columns = stacks(model, found, spot, self._needs.measures)
            around = [*look.tree.above(spot), *look.tree.below(spot)]
            return {"place": spot, "stacks": columns, "around": around, "model": model}

        address = url_for("dashboard.model_now", place=place_id or None)
        return Content("model", address, _stamp_of_place(place_id or None), shown)

    def element(self, element_id: str) -> Content:
        """Describe every measure of one element at every place in scope."""
        model, measures = self._needs.model, self._needs.measures
        try:
            element = model.element(element_id)
        except UnknownElement:
            abort(404)
        rows = headline_measures(element_id, measures)

        def shown(look: Look) -> dict[str, Any]:
            found = store.for_measures(look.session, [row.id for row in rows], look.paths)
            tables = [(row, self._tiles(found, row, look.tree)) for row in rows]
            box = model.box(element_id.rpartition(".")[0])
            return {"element": element, "box": box, "tables": tables, "audiences": AUDIENCES}

        address = url_for("dashboard.element_now", element_id=element_id)
        return Content("element", address, releases_stamp, shown)

    def place(self, place_id: str) -> Content:
        """Describe every measure of one place."""
        measures = self._needs.measures

        def shown(look: Look) -> dict[str, Any]:
            spot = look.spot(place_id)
            found = store.at_place(look.session, spot.id)
            order = dict.fromkeys(measure.id for measure in measures.all())
            tiles = [tile_of(found[name], spot, measures) for name in order if name in found]
            return {
                "place": spot,
                "tiles": [tile for tile in tiles if tile],
                "tree": look.tree,
                "panels": panel_links(look.session, spot),
                "quarters": quarter_links(look.session, spot, list(measures.all())),
            }

        address = url_for("dashboard.place_now", place_id=place_id)
        return Content("place", address, _stamp_of_place(place_id), shown)

    def series(self, measure_id: str, place_id: str) -> Content:
        """Describe one series: picture, sentence, limits and rules in words, table, how it was made."""

        def stamp(session: Session, paths: Paths) -> str | None:
            found = series_stamp(session, measure_id, place_id, paths)
            return str(found) if found else None

        def shown(look: Look) -> dict[str, Any]:
            series, measure, spot = self.one(look, measure_id, place_id)
            drawn = drawn_of(look.session, measure_id, place_id)
            return {
                "record": record_facts(look.session, series, self._needs.records),
                "day_words": day_words,
                "page": series_page(series, measure, self._needs.library),
                "series": series,
                "place": spot,
                "above": look.tree.above(spot),
                "drawn": drawn.issuperset(ON_PAGES),
                "for_download": Rendering.PNG in drawn,
                "elements": [self._needs.model.element(name) for name in measure.elements],
            }

        address = url_for("dashboard.series_now", measure_id=measure_id, place_id=place_id)
        name = "record" if self._needs.records.has(measure_id) else "series"
        return Content(name, address, stamp, shown)

    def one(self, look: Look, measure_id: str, place_id: str) -> tuple[Series, Measure, Spot]:
        """Return one series; what is unknown or out of scope is not found."""
        spot = look.spot(place_id)
        try:
            measure = self._needs.measures.get(measure_id)
        except UnknownMeasure:
            abort(404)
        series = store.stored(look.session, measure_id, spot.id)
        return series or abort(404), measure, spot

    def _tiles(self, found: list[Series], measure: Measure, tree: Tree) -> list[Tile | None]:
        spots = [(one, tree.find(one.place)) for one in found if one.measure == measure.id]
        return [tile_of(one, spot, self._needs.measures) for one, spot in spots if spot]

    def today(self) -> dt.date:
        """Return the local date."""
        return self._needs.today()


def _stamp_of_place(place_id: str | None) -> Callable[[Session, Paths], str | None]:
    return lambda session, paths: releases_stamp(session, paths, place_id)

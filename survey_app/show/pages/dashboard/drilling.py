"""From the model down and back up: framework, element, measure; what each page shows and its stamp."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for

from survey_app.ask.instruments.elements import Element, UnknownElement
from survey_app.know.evidence import heads
from survey_app.know.evidence.heads import Head
from survey_app.know.measures.frameworks import Framework, of_logic_model
from survey_app.know.measures.measures import Measure, MeasureKind, UnknownMeasure
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.stamps import releases_stamp
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.climate.finding import reports_read
from survey_app.show.pages.dashboard.content import Content, Look, stamp_of_place
from survey_app.show.pages.dashboard.model import newest, stacks, subjects_of
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.sources import (
    PROVIDERS,
    Wanted,
    gather,
    headline_measures,
)
from survey_app.show.pages.dashboard.tiles import AUDIENCES, tiles_of
from survey_app.stats.variation import PointState

TEXT = "text"


def model(needs: Needs, place_id: str, framework_id: str, view: str) -> Content:
    """Describe the model, or another framework, with the evidence of one place or of the reader's topmost."""
    own = of_logic_model(needs.model)
    everything = (own, *needs.frameworks)
    framework = next((one for one in everything if one.id == (framework_id or own.id)), None) or abort(404)

    def shown(look: Look) -> dict[str, Any]:
        spot = look.spot_or_home(place_id)
        if spot is None:
            return {}
        subjects = subjects_of(framework)
        read = reports_read(look.session, signed_in(), needs.keys)
        wanted = Wanted(look.session, spot, look.tree, look.day, needs.measures, subjects, read)
        columns = stacks(framework, gather(wanted, PROVIDERS))
        until = newest(columns)
        return {
            "place": spot,
            "stacks": columns,
            "newest": until,
            "newest_words": day_words(until) if until else "",
            "above": look.tree.above(spot),
            "below": look.tree.below(spot),
            "framework": framework,
            "frameworks": everything,
            "is_own": framework is own,
            "n_left_out": _n_left_out(needs, framework),
            "chosen": framework_id or None,
            "view": view or None,
            "as_text": view == TEXT,
        }

    address = url_for(
        "dashboard.model_now", place=place_id or None, framework=framework_id or None, view=view or None
    )
    return Content("model", address, stamp_of_place(place_id or None), shown)


def _n_left_out(needs: Needs, framework: Framework) -> int:
    placed = set(subjects_of(framework))
    return sum(element.id not in placed for element in needs.model.elements)


def element(needs: Needs, element_id: str, place_id: str) -> Content:
    """Describe the measures of one element: the figure of one place, and how all places in scope stand."""
    found = _element(needs, element_id)
    rows = headline_measures(element_id, needs.measures)

    def shown(look: Look) -> dict[str, Any]:
        spot = look.spot_or_home(place_id)
        everywhere = heads.of_measures(look.session, [row.id for row in rows], look.paths)
        here = [head for head in everywhere if spot and head.place_id == spot.id]
        tiles = {tile.measure.id: tile for tile in tiles_of(look.session, here, look.tree, needs.measures)}
        return {
            "element": found,
            "box": needs.model.box(element_id.rpartition(".")[0]),
            "place": spot,
            "groups": [
                (
                    words,
                    [(row, tiles.get(row.id), _stand(everywhere, row)) for row in rows if row.audience is of],
                )
                for of, words in AUDIENCES.items()
            ],
        }

    address = url_for("dashboard.element_now", element_id=element_id, place=place_id or None)
    return Content("element", address, releases_stamp, shown)


def _element(needs: Needs, element_id: str) -> Element:
    try:
        return needs.model.element(element_id)
    except UnknownElement:
        abort(404)


def _stand(everywhere: list[Head], measure: Measure) -> str:
    states = [head.state for head in everywhere if head.measure_id == measure.id]
    better, worse = states.count(PointState.IMPROVEMENT), states.count(PointState.CONCERN)
    return f"{better} better, {worse} worse, of {len(states)}" if states else ""


def measure(needs: Needs, measure_id: str) -> Content:
    """Describe one measure at every place in scope, its questions, and the scales it is part of."""
    try:
        found = needs.measures.get(measure_id)
    except UnknownMeasure:
        abort(404)

    def shown(look: Look) -> dict[str, Any]:
        everywhere = heads.of_measures(look.session, [found.id], look.paths)
        return {
            "measure": found,
            "audience": AUDIENCES[found.audience],
            "elements": [needs.model.element(name) for name in found.elements],
            "tiles": tiles_of(look.session, everywhere, look.tree, needs.measures),
            "parts_of": _parts(needs, found),
            "wholes": _wholes(needs, found),
        }

    return Content("measure", url_for("dashboard.measure_now", measure_id=measure_id), releases_stamp, shown)


def _parts(needs: Needs, whole: Measure) -> list[Measure]:
    if whole.kind is not MeasureKind.SCALE:
        return []
    return [m for m in _beside(needs, whole) if m.kind is MeasureKind.ITEM_MEAN and m.items[0] in whole.items]


def _wholes(needs: Needs, part: Measure) -> list[Measure]:
    if part.kind is MeasureKind.SCALE or not part.items:
        return []
    return [m for m in _beside(needs, part) if m.kind is MeasureKind.SCALE and part.items[0] in m.items]


def _beside(needs: Needs, one: Measure) -> tuple[Measure, ...]:
    return needs.measures.for_instrument(one.instrument, one.version)

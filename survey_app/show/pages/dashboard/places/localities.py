"""Small multiples: one measure at every locality and group in scope, all on one scale."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from survey_app.ask.population.tables import PlaceKind
from survey_app.know.evidence import store
from survey_app.know.evidence.series import Series
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.sparkline import LARGE, shared_scale, sparkline_svg
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.places.scope import measure_of, tree_of
from survey_app.show.pages.dashboard.tiles import Tile, tile_of
from survey_app.show.pages.dashboard.tree import KINDS, Tree
from survey_app.web.access import Who, who_may

SHOWN = (KINDS[PlaceKind.LOCALITY], "Neighbour group")


@dataclass(frozen=True, slots=True)
class Small:
    """One small chart with what stands beside it."""

    tile: Tile
    chart: Markup


class LocalityPages:
    """Every locality's line beside the others'."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str) -> str:
        """Show the stored series of a measure at all localities and groups, on one scale."""
        measure = measure_of(self._needs, measure_id)
        with self._needs.database.reading() as session:
            tree = tree_of(session, self._needs)
            found = store.for_measures(session, [measure.id], signed_in().paths)
        series = [one for one in found if (spot := tree.find(one.place)) and spot.kind in SHOWN]
        scale = shared_scale(series)
        smalls = [small for one in series if (small := self._small(one, tree, scale))]
        return render_template(
            "dashboard/localities.html",
            synthetic=self._needs.synthetic(),
            measure=measure,
            smalls=sorted(smalls, key=lambda small: small.tile.place.name),
            ends=[figure_words(end, measure.unit) for end in scale],
        )

    def _small(self, series: Series, tree: Tree, scale: tuple[float, float]) -> Small | None:
        spot = tree.find(series.place)
        tile = tile_of(series, spot, self._needs.measures) if spot else None
        return Small(tile, sparkline_svg(series, LARGE, scale=scale)) if tile else None

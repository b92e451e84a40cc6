"""The Monday page: what changed since last week, how much of it chance explains, where too few answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.know.evidence import store
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import MeasureKind, Measures
from survey_app.show.charts.icon import TOO_FEW, icon_of
from survey_app.show.charts.phrases import chance_words, span_words
from survey_app.show.pages.dashboard.tiles import Tile, tile_of
from survey_app.show.pages.dashboard.tree import Spot, Tree

MOST = 12


@dataclass(frozen=True, slots=True)
class Monday:
    """Everything the Monday page shows."""

    week: str
    n_charts: int
    n_flagged: int
    by_chance: str
    fresh: list[Tile]
    lasting: list[Tile]
    quiet: list[Spot]


def monday(session: Session, tree: Tree, paths: tuple[str, ...], measures: Measures) -> Monday:
    """Gather the page in a fixed number of queries."""
    tally = store.tally(session, paths)
    changes = store.changes(session, paths, MOST)
    replies = {measure.id for measure in measures.all() if measure.kind is MeasureKind.REPLIES}
    counted = store.for_measures(session, sorted(replies), paths)
    tiles = []
    for change in changes:
        spot = tree.find(change.place_id)
        tile = tile_of(change.series, spot, measures, is_new=change.is_new) if spot else None
        tiles += [tile] if tile else []
    return Monday(
        week=_week([change.series for change in changes] or counted),
        n_charts=tally.n_charts,
        n_flagged=tally.n_flagged,
        by_chance=chance_words(tally.by_chance),
        fresh=[tile for tile in tiles if tile.is_new],
        lasting=[tile for tile in tiles if not tile.is_new],
        quiet=_quiet(counted, tree),
    )


def _week(series: list[Series]) -> str:
    latest = max((one.latest for one in series if one.latest), key=lambda point: point.end, default=None)
    return span_words(latest.start, latest.end) if latest else ""


def _quiet(counted: list[Series], tree: Tree) -> list[Spot]:
    spots = {one.place: tree.find(one.place) for one in counted if icon_of(one) is TOO_FEW}
    return [spot for spot in spots.values() if spot]

"""Verdicts on actions from stored series: what the rule reads of a chart, and when it reads it again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.evidence import store
from survey_app.know.evidence.series import Point, Series
from survey_app.know.evidence.tables import StoredSeries
from survey_app.know.improvement.actions.judging import Started, started
from survey_app.know.improvement.actions.verdicts import Judgement, Seen, Way, judge
from survey_app.know.measures.measures import Direction

LASTING = ("shift_", "trend_")
"""Signals of several figures in a row: one figure far out is no lasting change."""
BETTER_SIDE = {Direction.INCREASE: "high", Direction.DECREASE: "low"}

Judged = tuple[int, Judgement, str]


def stale_verdicts(session: Session) -> list[Judged]:
    """Return the verdicts that are missing or out of date: action, judgement, computed from what.

    Parameters
    ----------
    session : Session
        Any session; nothing is written.

    Returns
    -------
    list of tuple of (int, Judgement, str)
        Empty where every action was judged from the chart that is stored.
    """
    actions = started(session)
    computed = _computed(session, {one.place_id for one in actions})
    found = []
    for one in actions:
        seen = f"{computed.get((one.measure_id, one.place_id), '')}|{one.started_on}"
        if seen != one.seen:
            found.append((one.id, _judgement(session, one), seen))
    return found


def figures_of(series: Series) -> list[Seen]:
    """Return the closed figures of a series as the rule reads them.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    list of Seen
        Oldest first, gaps left out.
    """
    closed = [point for point in series.points if isinstance(point, Point) and not point.provisional]
    return [_seen(point, series.direction) for point in closed]


def _seen(point: Point, direction: Direction) -> Seen:
    turn = -1.0 if direction is Direction.DECREASE else 1.0
    way, found = Way.NONE, point.end
    # The first lasting signal names the point: what was found later takes nothing back.
    for signal, day in zip(point.signals, point.found, strict=False):
        if signal.startswith(LASTING):
            way = Way.BETTER if signal.rpartition("_")[2] == BETTER_SIDE.get(direction) else Way.WORSE
            found = day
            break
    centre = None if point.centre is None else turn * point.centre
    return Seen(point.start, point.end, turn * point.value, centre, way, found)


def _judgement(session: Session, action: Started) -> Judgement:
    series = store.stored(session, action.measure_id, action.place_id)
    if series is None:
        return judge([], action.started_on)
    has_direction = series.direction in BETTER_SIDE
    return judge(figures_of(series), action.started_on, has_direction=has_direction)


def _computed(session: Session, places: set[str]) -> dict[tuple[str, str], str]:
    query = sa.select(StoredSeries.measure_id, StoredSeries.place_id, StoredSeries.computed_at)
    rows = session.connection().execute(query.where(StoredSeries.place_id.in_(sorted(places))))
    return {(row.measure_id, row.place_id): row.computed_at.isoformat() for row in rows}

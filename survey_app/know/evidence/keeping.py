"""Storing series, each with the head by which lists and orders find it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from survey_app.database import upsert_all
from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.know.evidence.tables import StoredSeries
from survey_app.stats.variation import PointState


def save(session: Session, series: Iterable[Series], *, now: dt.datetime) -> None:
    """Store series, each in place of the one of the same measure and place.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    series : iterable of Series
        What to store.
    now : datetime
        Stamped on the rows.
    """
    rows = [{**_row(one), "computed_at": now} for one in series]
    upsert_all(session, StoredSeries, rows, key=["measure_id", "place_id"])


def _row(series: Series) -> dict[str, object]:
    closed = [point for point in series.points if not (isinstance(point, Point) and point.provisional)]
    latest = closed[-1] if closed else None
    state = latest.state if isinstance(latest, Point) else PointState.NONE
    document = series.to_json()
    return {
        "measure_id": series.measure,
        "place_id": series.place,
        "release": series.release,
        "revision": series.revision,
        "document": document,
        "digest": hashlib.sha256(document.encode()).hexdigest()[:22],
        "chart": series.chart,
        "limits": series.limits,
        "assurance": series.assurance,
        "latest_from": latest.start if latest else None,
        "latest_to": latest.end if latest else None,
        "latest_n": latest.n if isinstance(latest, Point) else None,
        "state": state,
        "strength": _strength(latest) if isinstance(latest, Point) else 0.0,
        "is_new": _is_new(closed[:-1], state),
    }


def _is_new(before: list[Point | Gap], state: PointState) -> bool:
    # One ordinary week between does not make an old change a new one.
    recent = [point for point in before if isinstance(point, Point)][-2:]
    if state is PointState.COMMON_CAUSE:
        recent = recent[-1:]
    return all(_state_when_closed(point) is not state for point in recent)


def _state_when_closed(point: Point) -> PointState:
    # A run marks the points before it only when it is complete; until then nobody was told.
    return PointState.COMMON_CAUSE if point.flagged else point.state


def _strength(point: Point) -> float:
    if not point.signals or point.centre is None or point.upper is None or point.lower is None:
        return 0.0
    # Limits of shares are cut at none and all: the longer side is the whole one.
    sigma = max(point.upper - point.centre, point.centre - point.lower) / 3
    return abs(point.value - point.centre) / sigma if sigma > 0 else 0.0

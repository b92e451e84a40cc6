"""Reading stored series for pages: one, all of a place, or what changed. No page computes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.series import Series, series_from_json
from survey_app.know.evidence.tables import StoredSeries
from survey_app.stats.variation import PointState

JUDGED = [
    PointState.COMMON_CAUSE,
    PointState.IMPROVEMENT,
    PointState.CONCERN,
    PointState.NEUTRAL_HIGH,
    PointState.NEUTRAL_LOW,
]
TOLD = [PointState.IMPROVEMENT, PointState.CONCERN]

# A document changes only at a release, and reading one costs more than asking for it. About 10 MB a process.
_read = lru_cache(maxsize=512)(series_from_json)


@dataclass(frozen=True, slots=True)
class Change:
    """A series whose latest closed week chance does not explain."""

    measure_id: str
    place_id: str
    series: Series
    is_new: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many charts could be judged at their latest week, and how many broke a rule there."""

    n_charts: int
    n_flagged: int


def stored(session: Session, measure_id: str, place_id: str) -> Series | None:
    """Return one series as stored.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_id, place_id : str
        Which one.

    Returns
    -------
    Series or None
        None where nothing was ever released.
    """
    query = sa.select(StoredSeries.document).where(
        StoredSeries.measure_id == measure_id, StoredSeries.place_id == place_id
    )
    document = session.connection().execute(query).scalar()
    return _read(document) if document else None


def at_place(session: Session, place_id: str) -> dict[str, Series]:
    """Return every stored series of a place or neighbour group by measure id, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place or neighbour group.

    Returns
    -------
    dict of str to Series
        Empty where nothing was ever released.
    """
    query = sa.select(StoredSeries.measure_id, StoredSeries.document).where(StoredSeries.place_id == place_id)
    return {measure_id: _read(document) for measure_id, document in session.connection().execute(query)}


def for_place_measures(session: Session, place_id: str, measure_ids: Iterable[str]) -> dict[str, Series]:
    """Return the stored series of some measures at one place by measure id, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place or neighbour group.
    measure_ids : iterable of str
        Which measures.

    Returns
    -------
    dict of str to Series
        Without those that have none.
    """
    query = sa.select(StoredSeries.measure_id, StoredSeries.document).where(
        StoredSeries.place_id == place_id, StoredSeries.measure_id.in_(list(measure_ids))
    )
    return {measure_id: _read(document) for measure_id, document in session.connection().execute(query)}


def for_measures(session: Session, measure_ids: Iterable[str], paths: Iterable[str]) -> list[Series]:
    """Return the stored series of some measures at every place in scope, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_ids : iterable of str
        Which measures.
    paths : iterable of str
        Place paths the reader may see; everything below them counts.

    Returns
    -------
    list of Series
        In the order of the tree of places.
    """
    places = in_scope(paths)
    query = (
        sa.select(StoredSeries.document)
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.measure_id.in_(list(measure_ids)))
        .order_by(places.c.path, StoredSeries.measure_id)
    )
    return [_read(document) for (document,) in session.connection().execute(query)]


def changes(session: Session, paths: Iterable[str], limit: int = 20) -> list[Change]:
    """Return what changed at the latest closed week, newest signals first, then strongest first.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see.
    limit : int
        At most so many.

    Returns
    -------
    list of Change
        Improvements and concerns alike.
    """
    places = in_scope(paths)
    scope = sa.select(StoredSeries).join(places, places.c.id == StoredSeries.place_id)
    latest = (
        sa.select(sa.func.max(StoredSeries.latest_to))
        .join(places, places.c.id == StoredSeries.place_id)
        .scalar_subquery()
    )
    query = scope.where(StoredSeries.state.in_(TOLD), StoredSeries.latest_to == latest).order_by(
        StoredSeries.is_new.desc(),
        StoredSeries.strength.desc(),
        StoredSeries.measure_id,
        StoredSeries.place_id,
    )
    rows = session.execute(query.limit(limit)).scalars()
    return [Change(row.measure_id, row.place_id, _read(row.document), row.is_new) for row in rows]


def tally(session: Session, paths: Iterable[str]) -> Tally:
    """Return how many charts were judged at their latest week and how many broke a rule.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see.

    Returns
    -------
    Tally
        The two counts, from which a page says what chance alone would flag.
    """
    places = in_scope(paths)
    flagged = sa.func.coalesce(
        sa.func.sum(sa.case((StoredSeries.state != PointState.COMMON_CAUSE, 1), else_=0)), 0
    )
    query = (
        sa.select(sa.func.count(), flagged)
        .select_from(StoredSeries)
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.state.in_(JUDGED))
    )
    n_charts, n_flagged = session.connection().execute(query).one()
    return Tally(int(n_charts), int(n_flagged))

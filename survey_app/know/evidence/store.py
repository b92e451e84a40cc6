"""Reading stored series for pages: one, all of a place, or some measures. No page computes anything."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.series import Series, series_from_json
from survey_app.know.evidence.tables import StoredSeries

# A document changes only at a release, and reading one costs more than asking for it. About 10 MB a process.
_read = lru_cache(maxsize=512)(series_from_json)


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


def measure_ids(session: Session, place_id: str) -> list[str]:
    """Return which measures have a stored series at a place or neighbour group, without reading any.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place or neighbour group.

    Returns
    -------
    list of str
        Ids, in their own order.
    """
    query = sa.select(StoredSeries.measure_id).where(StoredSeries.place_id == place_id)
    return list(session.scalars(query.order_by(StoredSeries.measure_id)))


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

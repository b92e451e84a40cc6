"""The heads of stored series: what lists and orders need, without reading the documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.series import Series, series_from_json
from survey_app.know.evidence.tables import StoredSeries
from survey_app.stats.variation import Assurance, PointState

COLUMNS = (
    StoredSeries.measure_id,
    StoredSeries.place_id,
    StoredSeries.digest,
    StoredSeries.latest_from,
    StoredSeries.latest_to,
    StoredSeries.latest_n,
    StoredSeries.state,
    StoredSeries.is_new,
)


AT_PLACE = (
    sa.select(*COLUMNS)
    .where(StoredSeries.place_id == sa.bindparam("place"))
    .order_by(StoredSeries.measure_id)
)


@dataclass(frozen=True, slots=True)
class Head:
    """One stored series without its document.

    Attributes
    ----------
    digest : str or None
        Changes with anything in the document; None in rows that an older release of the software stored.
    latest_from, latest_to : date or None
        Days of the latest closed bin, with a figure or without.
    latest_n : int or None
        Answers in it; None where it has no figure.
    """

    measure_id: str
    place_id: str
    digest: str | None
    latest_from: dt.date | None
    latest_to: dt.date | None
    latest_n: int | None
    state: PointState
    is_new: bool


def at_place(session: Session, place_id: str) -> list[Head]:
    """Return the heads of every stored series of a place or neighbour group, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place or neighbour group.

    Returns
    -------
    list of Head
        By measure id.
    """
    rows = session.connection().execute(AT_PLACE, {"place": place_id})
    return [Head(*row) for row in rows]


def of_measures(session: Session, measure_ids: Iterable[str], paths: Iterable[str]) -> list[Head]:
    """Return the heads of some measures' series at every place in scope, in one query.

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
    list of Head
        In the order of the tree of places.
    """
    places = in_scope(paths)
    query = (
        sa.select(*COLUMNS)
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.measure_id.in_(list(measure_ids)))
        .order_by(places.c.path, StoredSeries.place_id, StoredSeries.measure_id)
    )
    return heads_of(session, query)


def missing_targets(session: Session, paths: Iterable[str], limit: int) -> list[Head]:
    """Return the series in scope whose target will be missed as things run now, in one query.

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
    list of Head
        In the order of the tree of places.
    """
    places = in_scope(paths)
    query = (
        sa.select(*COLUMNS)
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.assurance == Assurance.FAIL)
        .order_by(places.c.path, StoredSeries.place_id, StoredSeries.measure_id)
    )
    return heads_of(session, query.limit(limit))


def heads_of(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[Head]:
    """Run a query that gives the columns of a head.

    Parameters
    ----------
    session : Session
        A reading session.
    query : Select
        Of COLUMNS, in their order.

    Returns
    -------
    list of Head
        In the query's order.
    """
    return [Head(*row) for row in session.connection().execute(query)]


def documents(session: Session, heads: Iterable[Head]) -> dict[tuple[str, str], Series]:
    """Read the documents of some series, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    heads : iterable of Head
        Which ones; of none no query is made.

    Returns
    -------
    dict of (str, str) to Series
        By measure id and place id.
    """
    keys = [(head.measure_id, head.place_id) for head in heads]
    if not keys:
        return {}
    both = sa.tuple_(StoredSeries.measure_id, StoredSeries.place_id)
    query = sa.select(StoredSeries.measure_id, StoredSeries.place_id, StoredSeries.document)
    rows = session.connection().execute(query.where(both.in_(keys)))
    return {(measure_id, place_id): _read(document) for measure_id, place_id, document in rows}


# Without a digest a document is read for every page: until it is stored anew, this keeps that cheap.
_read = lru_cache(maxsize=64)(series_from_json)

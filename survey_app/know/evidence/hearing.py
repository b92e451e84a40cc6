"""Where too few people are heard: places whose newest figures are withheld, thin or old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.tables import StoredSeries

THIN = 20
"""Answers; with fewer, chance alone moves a score by some 15 points of 100."""
STALE_BINS = 2
"""A figure is old once so many bins have gone by since its own ended."""


class Hearing(StrEnum):
    """Why too little is heard of a place; the worst first."""

    WITHHELD = "withheld"
    STALE = "stale"
    PARTLY = "partly"
    THIN = "thin"


@dataclass(frozen=True, slots=True)
class Quiet:
    """One place where too little is heard.

    Attributes
    ----------
    hearing : Hearing
        Why.
    latest_to : date
        Last day of its newest bin.
    n_withheld, n_series : int
        How many of its series have no figure in that bin.
    """

    place_id: str
    hearing: Hearing
    latest_to: dt.date
    n_withheld: int
    n_series: int


def is_stale(latest_from: dt.date | None, latest_to: dt.date, day: dt.date) -> bool:
    """Tell whether a figure is old: two bins of its own length have gone by since its bin ended.

    Parameters
    ----------
    latest_from : date or None
        First day of its bin; None counts as a week.
    latest_to, day : date
        Last day of its bin, and today.

    Returns
    -------
    bool
        True from the day after the second further bin.

    Examples
    --------
    >>> is_stale(dt.date(2026, 11, 2), dt.date(2026, 11, 8), dt.date(2026, 11, 22))
    False
    >>> is_stale(dt.date(2026, 11, 2), dt.date(2026, 11, 8), dt.date(2026, 11, 23))
    True
    """
    length = (latest_to - latest_from).days + 1 if latest_from else 7
    return (day - latest_to).days > STALE_BINS * length


def quiet(session: Session, paths: Iterable[str], replies: Collection[str], day: dt.date) -> list[Quiet]:
    """Return the places in scope where too little is heard, the worst first, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see.
    replies : collection of str
        Ids of the measures that count how many people answered.
    day : date
        Today.

    Returns
    -------
    list of Quiet
        At most one for a place.
    """
    places = in_scope(paths)
    counted = sa.case((StoredSeries.measure_id.in_(list(replies)), StoredSeries.latest_n))
    query = (
        sa.select(
            StoredSeries.place_id,
            StoredSeries.latest_to,
            sa.func.min(StoredSeries.latest_from),
            sa.func.count(),
            sa.func.sum(sa.case((StoredSeries.latest_n.is_(None), 1), else_=0)),
            sa.func.max(counted),
        )
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.latest_to.is_not(None))
        .group_by(places.c.path, StoredSeries.place_id, StoredSeries.latest_to)
        .order_by(places.c.path, StoredSeries.place_id, StoredSeries.latest_to.desc())
    )
    found: dict[str, Quiet | None] = {}
    for row in session.connection().execute(query):
        place_id, latest_to, latest_from, n_series, n_withheld, n_people = row
        if place_id in found:
            continue  # an older bin: of a survey that has ended
        hearing = _hearing(is_stale(latest_from, latest_to, day), n_series, int(n_withheld), n_people)
        found[place_id] = Quiet(place_id, hearing, latest_to, int(n_withheld), n_series) if hearing else None
    order = list(Hearing)
    return sorted((one for one in found.values() if one), key=lambda one: order.index(one.hearing))


def _hearing(stale: bool, n_series: int, n_withheld: int, n_people: int | None) -> Hearing | None:  # noqa: FBT001 - private
    if n_withheld == n_series:
        return Hearing.WITHHELD
    if stale:
        return Hearing.STALE
    if n_withheld:
        return Hearing.PARTLY
    return Hearing.THIN if n_people is not None and n_people < THIN else None

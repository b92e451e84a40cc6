"""What may be said about neighbour groups: their names, their places and where they stand in the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place
from survey_app.know.aggregation.periods import quarter_start
from survey_app.know.aggregation.tables import GroupPlace, NeighbourGroup

MOST_KEPT = 256
"""Readers' scopes whose SQL is kept; what it finds is not."""

Joined = sa.Row[str, dt.date, str | None, str, str]
"""A place, the quarter from which on, its group, and the group's name and path."""

# Built once: every page of the dashboard asks it.
JOINED = (
    sa.select(
        GroupPlace.place_id,
        GroupPlace.from_quarter,
        GroupPlace.group_id,
        NeighbourGroup.name,
        NeighbourGroup.path,
    )
    .join_from(GroupPlace, NeighbourGroup, NeighbourGroup.id == GroupPlace.group_id, isouter=True)
    .where(GroupPlace.from_quarter <= sa.bindparam("quarter"))
)


@dataclass(frozen=True, slots=True)
class Group:
    """A neighbour group as people see it."""

    id: str
    name: str
    path: str
    places: tuple[str, ...]


def groups_on(session: Session, day: dt.date) -> list[Group]:
    """Return the neighbour groups of a day with the ids of their places.

    Parameters
    ----------
    session : Session
        A reading session.
    day : date
        Groups change only between quarters.

    Returns
    -------
    list of Group
        By name; groups without places that day are left out.
    """
    asked = {"quarter": quarter_start(day)}
    latest: dict[str, Joined] = {}
    for row in session.connection().execute(JOINED, asked).all():
        known = latest.get(row.place_id)
        if known is None or known.from_quarter < row.from_quarter:
            latest[row.place_id] = row
    members: dict[str, list[Joined]] = {}
    for _, row in sorted(latest.items()):
        if row.group_id is not None:  # a place that left its group is counted by itself
            members.setdefault(row.group_id, []).append(row)
    groups = [
        Group(group_id, rows[0].name, rows[0].path, tuple(row.place_id for row in rows))
        for group_id, rows in members.items()
    ]
    return sorted(groups, key=lambda group: group.name)


def in_scope(paths: Iterable[str]) -> sa.Subquery:
    """Return a subquery of every place and neighbour group at or below some paths.

    Parameters
    ----------
    paths : iterable of str
        Place paths.

    Returns
    -------
    sqlalchemy.Subquery
        Columns `id` and `path`.
    """
    return _scope(tuple(paths))


@lru_cache(MOST_KEPT)
def _scope(paths: tuple[str, ...]) -> sa.Subquery:
    both = sa.union_all(
        sa.select(Place.id, Place.path), sa.select(NeighbourGroup.id, NeighbourGroup.path)
    ).subquery()
    prefixes = [both.c.path.startswith(path, autoescape=True) for path in paths]
    return sa.select(both.c.id, both.c.path).where(sa.or_(sa.false(), *prefixes)).subquery()


def names_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of places and neighbour groups, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    ids : iterable of str
        Of places and groups; unknown ones are left out.

    Returns
    -------
    dict of str to str
        Name by id.
    """
    both = sa.union_all(
        sa.select(Place.id, Place.name), sa.select(NeighbourGroup.id, NeighbourGroup.name)
    ).subquery()
    return dict(session.execute(sa.select(both.c.id, both.c.name).where(both.c.id.in_(list(ids)))).all())


def are_in_scope(session: Session, ids: Collection[str], paths: Iterable[str]) -> bool:
    """Tell whether places and groups are all at or below some paths.

    Parameters
    ----------
    session : Session
        A reading session.
    ids : collection of str
        Places and neighbour groups.
    paths : iterable of str
        Place paths.

    Returns
    -------
    bool
        True also for none.
    """
    places = in_scope(paths)
    query = sa.select(sa.func.count()).select_from(places).where(places.c.id.in_(list(ids)))
    return session.connection().execute(query).scalar_one() == len(set(ids))

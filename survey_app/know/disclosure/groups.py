"""What may be said about neighbour groups: their names, their places and where they stand in the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place
from survey_app.know.aggregation.tables import NeighbourGroup
from survey_app.know.aggregation.units import Units


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
    units = Units(session)
    members: dict[str, list[str]] = {}
    for place_id in sorted(units.paths):
        unit = units.unit_of(place_id, day)
        if unit.id != place_id:
            members.setdefault(unit.id, []).append(place_id)
    rows = session.execute(
        sa.select(NeighbourGroup).where(NeighbourGroup.id.in_(list(members))).order_by(NeighbourGroup.name)
    ).scalars()
    return [Group(row.id, row.name, row.path, tuple(members[row.id])) for row in rows]


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

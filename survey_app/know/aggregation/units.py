"""Which unit a place is counted in, and in which bins: itself or a neighbour group, by quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place, PlaceParent
from survey_app.know.aggregation.periods import Bin, bin_of, quarter_start
from survey_app.know.aggregation.tables import BinPlan, GroupPlace, NeighbourGroup

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted together; the path holds the parents as they are now."""

    id: str
    path: str


class Units:
    """The map from places to units, read once a run.

    Parameters
    ----------
    session : Session
        Any session.
    """

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self.paths = _paths(session, Place)
        self.groups = _paths(session, NeighbourGroup)
        self._parents: dict[str, list[tuple[dt.date, str]]] = _by_id(
            connection.execute(
                sa.select(PlaceParent.place_id, PlaceParent.from_quarter, PlaceParent.parent_id)
            ).all()
        )
        self._members: dict[str, list[tuple[dt.date, str | None]]] = _by_id(
            connection.execute(
                sa.select(GroupPlace.place_id, GroupPlace.from_quarter, GroupPlace.group_id)
            ).all()
        )
        self._weeks: dict[str, list[tuple[dt.date, int]]] = _by_id(
            connection.execute(sa.select(BinPlan.unit_id, BinPlan.from_quarter, BinPlan.weeks)).all()
        )

    def unit_of(self, place_id: str, day: dt.date) -> Unit:
        """Return the unit that counts a place's responses on a day.

        Parameters
        ----------
        place_id : str
            A place with respondents.
        day : date
            Groups change only between quarters.

        Returns
        -------
        Unit
            The place itself or its neighbour group.
        """
        group = _since(self._members.get(place_id, ()), day)
        return (
            Unit(place_id, self.path_of(place_id, day)) if group is None else Unit(group, self.groups[group])
        )

    def path_of(self, place_id: str, day: dt.date) -> str:
        """Return the path of a place with the parents it has on a day.

        Parameters
        ----------
        place_id : str
            Any place.
        day : date
            Parents change only between quarters.

        Returns
        -------
        str
            Ids from the top, such as /system/place/locality/.
        """
        parent = _since(self._parents.get(place_id, ()), day)
        return self.paths[place_id] if parent is None else f"{self.paths[parent]}{place_id}/"

    def weeks_of(self, unit_id: str, day: dt.date) -> int:
        """Return how many weeks the bins of a unit have on a day.

        Parameters
        ----------
        unit_id : str
            A place or neighbour group.
        day : date
            Bins change only between quarters.

        Returns
        -------
        int
            1 unless the unit's plan says more.
        """
        return _since(self._weeks.get(unit_id, ()), day) or 1

    def bin_of(self, unit_id: str, day: dt.date) -> Bin:
        """Return the bin of a unit that holds a day.

        Parameters
        ----------
        unit_id : str
            A place or neighbour group.
        day : date
            A local date.

        Returns
        -------
        Bin
            A week, unless the unit's plan says more.
        """
        return bin_of(day, self.weeks_of(unit_id, day))

    def counts_alone(self, place_id: str, day: dt.date) -> bool:
        """Return whether a place or group has figures of its own on a day.

        Parameters
        ----------
        place_id : str
            A place or neighbour group.
        day : date
            A local date.

        Returns
        -------
        bool
            False where a place is counted with a group, and for a group that has been given up.
        """
        if place_id in self.groups:
            return place_id in self.group_on(day).values()
        return _since(self._members.get(place_id, ()), day) is None

    def group_on(self, day: dt.date) -> dict[str, str]:
        """Return which group counts which place on a day.

        Parameters
        ----------
        day : date
            Groups change only between quarters.

        Returns
        -------
        dict of str to str
            Place id to group id; places that are counted by themselves are left out.
        """
        found = {place_id: _since(rows, day) for place_id, rows in self._members.items()}
        return {place_id: group for place_id, group in found.items() if group is not None}


def _paths(session: Session, table: type[Place | NeighbourGroup]) -> dict[str, str]:
    query = sa.select(table.id, table.path)
    return {row.id: row.path for row in session.connection().execute(query)}


def _by_id(rows: Iterable[Any]) -> dict[str, list[tuple[dt.date, Any]]]:
    grouped: dict[str, list[tuple[dt.date, Any]]] = {}
    for identity, start, value in sorted(rows, key=lambda row: (row[0], row[1])):
        grouped.setdefault(identity, []).append((start, value))
    return grouped


def _since(rows: Iterable[tuple[dt.date, Value]], day: dt.date) -> Value | None:
    quarter = quarter_start(day)
    return next((value for start, value in reversed(list(rows)) if start <= quarter), None)

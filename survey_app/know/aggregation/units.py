"""Which unit a place is counted in, and in which bins: itself or a neighbour group, set from a quarter on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place
from survey_app.database import upsert
from survey_app.know.aggregation.periods import Bin, bin_of, next_quarter, quarter_start
from survey_app.know.aggregation.tables import BinPlan, Block, GroupPlace, NeighbourGroup

Value = TypeVar("Value")

ALLOWED_WEEKS = (1, 2, 4, 13)


class BadGroup(ValueError):
    """A neighbour group or bin plan breaks a rule; the message says which."""


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
        return Unit(place_id, self.paths[place_id]) if group is None else Unit(group, self.groups[group])

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
        return bin_of(day, _since(self._weeks.get(unit_id, ()), day) or 1)

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
            False where a place is counted with a group.
        """
        return place_id in self.groups or _since(self._members.get(place_id, ()), day) is None


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


def set_group(
    session: Session, *, group_id: str, name: str, places: Iterable[str], from_day: dt.date
) -> None:
    """Count places of one parent together from the quarter of `from_day` on.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    group_id, name : str
        The group's id and the name people know.
    places : iterable of str
        Ids of two or more places with the same parent.
    from_day : date
        Any day of the first quarter in which the group holds.

    Raises
    ------
    BadGroup
        If there are fewer than two places, or they have different parents, or the id is a place's, or
        one of them has been counted in that quarter already.
    """
    wanted = set(places)
    members = session.execute(sa.select(Place).where(Place.id.in_(wanted))).scalars().all()
    if unknown := wanted - {place.id for place in members}:
        raise BadGroup(f"group {group_id!r}: expected ids of places, found {', '.join(sorted(unknown))}")
    if len(members) < 2 or len({place.parent_id for place in members}) != 1:
        raise BadGroup(f"group {group_id!r} needs two or more places of one parent")
    if session.get(Place, group_id) is not None:
        raise BadGroup(f"{group_id!r} is a place: expected an id of the group's own")
    quarter = quarter_start(from_day)
    _refuse_begun(session, {group_id, *wanted}, quarter)
    path = members[0].path.removesuffix(f"{members[0].id}/") + f"{group_id}/"
    upsert(session, NeighbourGroup, {"id": group_id, "name": name, "path": path}, key=["id"])
    for place_id in sorted(wanted):
        row = {"place_id": place_id, "from_quarter": quarter, "group_id": group_id}
        upsert(session, GroupPlace, row, key=["place_id", "from_quarter"])


def set_bin(session: Session, *, unit_id: str, weeks: int, from_day: dt.date) -> None:
    """Give a unit bins of 1, 2, 4 or 13 weeks from the quarter of `from_day` on.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    unit_id : str
        A place or neighbour group.
    weeks : int
        1, 2, 4 or 13.
    from_day : date
        Any day of the first quarter.

    Raises
    ------
    BadGroup
        If `weeks` is another number, or the unit has been counted in that quarter already.
    """
    if weeks not in ALLOWED_WEEKS:
        raise BadGroup(f"bins have 1, 2, 4 or 13 weeks, not {weeks}")
    quarter = quarter_start(from_day)
    _refuse_begun(session, {unit_id}, quarter)
    row = {"unit_id": unit_id, "from_quarter": quarter, "weeks": weeks}
    upsert(session, BinPlan, row, key=["unit_id", "from_quarter"])


def _refuse_begun(session: Session, units: set[str], quarter: dt.date) -> None:
    # Figures of one week on two maps could be subtracted from each other.
    begun = sa.select(Block.unit_id).where(Block.unit_id.in_(units), Block.bin_start >= quarter).limit(1)
    if (unit_id := session.connection().execute(begun).scalar()) is not None:
        raise BadGroup(
            f"{unit_id!r} has been counted in the quarter from {quarter}: "
            f"expected a day from {next_quarter(quarter)} on, or later"
        )

"""Changing the map of units: which places are counted together and in which bins, from a quarter on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.database import upsert
from survey_app.know.aggregation.periods import next_quarter, quarter_start
from survey_app.know.aggregation.tables import BinPlan, Block, GroupPlace, NeighbourGroup, Regrouping
from survey_app.know.aggregation.units import Units

ALLOWED_WEEKS = (1, 2, 4, 13)


class BadGroup(ValueError):
    """A neighbour group or bin plan breaks a rule; the message says which."""


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
    units = Units(session)
    quarter = quarter_start(from_day)
    path = _path_of_group(units, group_id, wanted, quarter)
    if units.groups.get(group_id, path) != path:
        raise BadGroup(f"group {group_id!r} stands under another parent: expected an id of its own")
    refuse_begun(session, {group_id, *wanted}, quarter)
    upsert(session, NeighbourGroup, {"id": group_id, "name": name, "path": path}, key=["id"])
    for place_id in sorted(wanted):
        row = {"place_id": place_id, "from_quarter": quarter, "group_id": group_id}
        upsert(session, GroupPlace, row, key=["place_id", "from_quarter"])


def _path_of_group(units: Units, group_id: str, wanted: set[str], quarter: dt.date) -> str:
    if unknown := wanted - set(units.paths):
        raise BadGroup(f"group {group_id!r}: expected ids of places, found {', '.join(sorted(unknown))}")
    above = {units.path_of(place, quarter).removesuffix(f"{place}/") for place in wanted}
    if len(wanted) < 2 or len(above) != 1:
        raise BadGroup(f"group {group_id!r} needs two or more places of one parent")
    if group_id in units.paths:
        raise BadGroup(f"{group_id!r} is a place: expected an id of the group's own")
    return f"{above.pop()}{group_id}/"


def stand_alone(session: Session, *, place_id: str, from_day: dt.date) -> None:
    """Count a place by itself from the quarter of `from_day` on.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    place_id : str
        A place that a group counts until then, or not.
    from_day : date
        Any day of the first quarter.

    Raises
    ------
    BadGroup
        If the place has been counted in that quarter already.
    """
    quarter = quarter_start(from_day)
    refuse_begun(session, {place_id}, quarter)
    row = {"place_id": place_id, "from_quarter": quarter, "group_id": None}
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
    refuse_begun(session, {unit_id}, quarter)
    row = {"unit_id": unit_id, "from_quarter": quarter, "weeks": weeks}
    upsert(session, BinPlan, row, key=["unit_id", "from_quarter"])


def note_confirmed(session: Session, quarter: dt.date, *, by: str, now: dt.datetime) -> None:
    """Record who confirmed the map of a quarter.

    Parameters
    ----------
    session : Session
        The transaction that changes the map.
    quarter : date
        The Monday on which it begins.
    by : str
        A person's name or address.
    now : datetime
        Stamped on the record.
    """
    row = {"quarter": quarter, "confirmed_by": by[:120], "confirmed_at": now}
    upsert(session, Regrouping, row, key=["quarter"])


def refuse_begun(session: Session, units: set[str], quarter: dt.date) -> None:
    """Refuse a change of the map for a quarter in which it has been used: two maps can be subtracted.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    units : set of str
        Places and groups whose counting would change.
    quarter : date
        The Monday on which the quarter begins.

    Raises
    ------
    BadGroup
        If one of them, or a group that counts one of them, has a block in that quarter or later.
    """
    counted = units | {group for group in map(Units(session).group_on(quarter).get, units) if group}
    begun = sa.select(Block.unit_id).where(Block.unit_id.in_(counted), Block.bin_start >= quarter).limit(1)
    if (unit_id := session.connection().execute(begun).scalar()) is not None:
        raise BadGroup(
            f"{unit_id!r} has been counted in the quarter from {quarter}: "
            f"expected a day from {next_quarter(quarter)} on, or later"
        )

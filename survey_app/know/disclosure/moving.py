"""Moving a place to another parent from a quarter on, and what that does to figures, said beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.parents import BadMove
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.know.aggregation.grouping import BadGroup
from survey_app.know.aggregation.moves import move_place
from survey_app.know.aggregation.periods import next_quarter, quarter_start
from survey_app.know.aggregation.tables import NeighbourGroup
from survey_app.know.aggregation.turns import take_turn
from survey_app.know.aggregation.units import Units

__all__ = ["BadMove", "Effects", "effects_of_move", "next_quarters", "plan_move"]


@dataclass(frozen=True, slots=True)
class Effects:
    """What a move changes, for the person who decides on it."""

    from_day: dt.date
    group: str | None  # the name of the group of neighbours that the place leaves
    left_alone: str | None  # the name of the one place that stays in that group, so that it is one no more
    old_parent: str
    n_left: int  # how many localities the old parent has afterwards


def next_quarters(day: dt.date, n: int = 4) -> list[dt.date]:
    """Return the Mondays on which the coming quarters begin.

    Parameters
    ----------
    day : date
        A local date.
    n : int
        How many.

    Returns
    -------
    list of date
        The nearest first; the quarter that holds `day` is not among them.
    """
    starts = [next_quarter(quarter_start(day))]
    while len(starts) < n:
        starts.append(next_quarter(starts[-1]))
    return starts


def effects_of_move(session: Session, place: Place, from_day: dt.date) -> Effects:
    """Say what moving a locality from a quarter on does.

    Parameters
    ----------
    session : Session
        Any session.
    place : Place
        A locality.
    from_day : date
        The Monday on which a coming quarter begins.

    Returns
    -------
    Effects
        Names for people; nothing in it is a figure.
    """
    units = Units(session)
    grouped = units.group_on(from_day)
    group_id = grouped.get(place.id)
    partners = [one for one, of_group in grouped.items() if of_group == group_id and one != place.id]
    parent_path = units.path_of(place.id, from_day).removesuffix(f"{place.id}/")
    localities = session.scalars(sa.select(Place).where(Place.kind == PlaceKind.LOCALITY)).all()
    left = [one for one in localities if one.id != place.id]
    n_left = sum(units.path_of(one.id, from_day) == f"{parent_path}{one.id}/" for one in left)
    parent = session.get_one(Place, parent_path.strip("/").rpartition("/")[2])
    return Effects(
        from_day=from_day,
        group=session.get_one(NeighbourGroup, group_id).name if group_id else None,
        left_alone=session.get_one(Place, partners[0]).name if group_id and len(partners) == 1 else None,
        old_parent=parent.name,
        n_left=n_left,
    )


def plan_move(session: Session, *, place_id: str, parent_id: str, from_day: dt.date, today: dt.date) -> None:
    """Let a locality stand under another place from a coming quarter on.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    place_id, parent_id : str
        The locality and its new parent.
    from_day : date
        The Monday on which a coming quarter begins.
    today : date
        The local date.

    Raises
    ------
    BadMove
        If the day is no beginning of a coming quarter, or the two cannot stand so.
    """
    if from_day not in next_quarters(today):
        raise BadMove("choose the first day of one of the next quarters")
    take_turn(session)
    try:
        move_place(session, place_id=place_id, parent_id=parent_id, from_day=from_day)
    except BadGroup as bad:
        raise BadMove(str(bad)) from None

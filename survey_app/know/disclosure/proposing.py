"""Proposing neighbour groups and bins for the next quarter from the last one's volume; a person confirms."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.clock import day_starts_at
from survey_app.hear.responses.origins import OPEN
from survey_app.hear.responses.tables import Response
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.grouping import (
    ALLOWED_WEEKS,
    note_confirmed,
    set_bin,
    set_group,
    stand_alone,
)
from survey_app.know.aggregation.periods import WEEK, next_quarter, quarter_start
from survey_app.know.aggregation.tables import NeighbourGroup, Regrouping
from survey_app.know.aggregation.units import Units

ENOUGH = 2 * K
"""Replies a bin from which a place stands alone: ten may close while ten stand behind them."""
LOOK_BACK = 13
"""Weeks: one quarter."""


class Volume(StrEnum):
    """How many replies a week a place had: never the number, which would be a figure of few people."""

    FEW = "under 10"
    SOME = "10 to 19"
    ENOUGH = "20 and more"


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One place or group of a plan, and the weeks in its bins."""

    id: str
    name: str
    places: tuple[str, ...]
    weeks: int

    @property
    def is_group(self) -> bool:
        """Tell whether places are counted together.

        Returns
        -------
        bool
            False for a place that stands alone.
        """
        return len(self.places) > 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is proposed for a quarter: every locality is in one unit."""

    quarter: dt.date
    units: tuple[UnitPlan, ...]
    volumes: Mapping[str, Volume]
    changed: tuple[str, ...]


def volumes(session: Session, day: dt.date) -> dict[str, float]:
    """Return how many replies a week each locality had in the last 13 weeks, in its busiest survey.

    Parameters
    ----------
    session : Session
        Any session.
    day : date
        The date of asking; the week it is in does not count.

    Returns
    -------
    dict of str to float
        Localities without a reply have 0. The busiest survey decides: thinner ones wait a little longer.
    """
    until = day_starts_at(day - dt.timedelta(days=day.weekday()))
    since = day_starts_at(day - dt.timedelta(days=day.weekday()) - LOOK_BACK * WEEK)
    found = dict.fromkeys(
        session.scalars(sa.select(Place.id).where(Place.kind == PlaceKind.LOCALITY).order_by(Place.path)), 0.0
    )
    query = (
        sa.select(Response.place_id, sa.func.count())
        .where(Response.settled_at >= since, Response.settled_at < until, ~Response.origin.startswith(OPEN))
        .group_by(Response.place_id, Response.instrument_id, Response.audience)
    )
    for place_id, n in session.connection().execute(query):
        found[place_id] = max(found.get(place_id, 0.0), n / LOOK_BACK)
    return found


def propose(session: Session, day: dt.date) -> Plan:
    """Propose who is counted with whom in the quarter after a day's.

    Parameters
    ----------
    session : Session
        Any session.
    day : date
        The date of asking.

    Returns
    -------
    Plan
        What stands already stays if it still fits: a regrouping breaks the series of all who change.
    """
    quarter = next_quarter(quarter_start(day))
    units, expected = Units(session), volumes(session, day)
    names = {row.id: row.name for row in session.scalars(sa.select(Place))}
    names |= {row.id: row.name for row in session.scalars(sa.select(NeighbourGroup))}
    by_parent: dict[str, list[str]] = {}
    for place_id in expected:
        by_parent.setdefault(units.path_of(place_id, quarter).removesuffix(f"{place_id}/"), []).append(
            place_id
        )
    found: list[UnitPlan] = []
    for places in by_parent.values():
        standing = _standing(units, places, quarter, names)
        found += standing if _fit(standing, expected) else _anew(places, expected, names)
    current = {
        place: unit.id for unit in _standing(units, list(expected), quarter, names) for place in unit.places
    }
    changed = [place for unit in found for place in unit.places if current[place] != unit.id]
    bands = {place: _band(n) for place, n in expected.items()}
    return Plan(quarter, tuple(found), bands, tuple(sorted(changed)))


def confirm(session: Session, plan: Plan, *, by: str, now: dt.datetime) -> None:
    """Let a plan hold from its quarter on.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    plan : Plan
        As proposed, perhaps with other names.
    by : str
        Who confirms it.
    now : datetime
        Stamped on the record.

    Raises
    ------
    BadGroup
        If a unit breaks a rule, or its quarter has begun.
    """
    for unit in plan.units:
        if unit.is_group:
            set_group(session, group_id=unit.id, name=unit.name, places=unit.places, from_day=plan.quarter)
        else:
            stand_alone(session, place_id=unit.places[0], from_day=plan.quarter)
        set_bin(session, unit_id=unit.id, weeks=unit.weeks, from_day=plan.quarter)
    note_confirmed(session, plan.quarter, by=by, now=now)


def confirmed_by(session: Session, quarter: dt.date) -> str | None:
    """Return who confirmed the groups of a quarter, or None.

    Parameters
    ----------
    session : Session
        Any session.
    quarter : date
        The Monday on which it begins.

    Returns
    -------
    str or None
        Whoever did it last.
    """
    found = session.get(Regrouping, quarter)
    return found.confirmed_by if found else None


def _standing(
    units: Units, places: Iterable[str], quarter: dt.date, names: Mapping[str, str]
) -> list[UnitPlan]:
    members: dict[str, list[str]] = {}
    for place_id in places:
        members.setdefault(units.unit_of(place_id, quarter).id, []).append(place_id)
    return [
        UnitPlan(unit, names[unit], tuple(sorted(of_unit)), units.weeks_of(unit, quarter))
        for unit, of_unit in members.items()
    ]


def _fit(units: list[UnitPlan], expected: Mapping[str, float]) -> bool:
    # The thin have a neighbour, if there is one; who has enough is in a pair at most; bins are right.
    sole = len(units) == 1
    return all(
        unit.weeks == weeks_for(sum(expected[place] for place in unit.places))
        and (_fits_group(unit, expected) if unit.is_group else _fits_alone(unit, expected, sole=sole))
        for unit in units
    )


def _fits_alone(unit: UnitPlan, expected: Mapping[str, float], *, sole: bool) -> bool:
    return unit.id == unit.places[0] and (sole or expected[unit.id] >= ENOUGH)


def _fits_group(unit: UnitPlan, expected: Mapping[str, float]) -> bool:
    thin = [place for place in unit.places if expected[place] < ENOUGH]
    return len(thin) == len(unit.places) or (len(unit.places) == 2 and len(thin) == 1)


def _anew(places: list[str], expected: Mapping[str, float], names: Mapping[str, str]) -> list[UnitPlan]:
    alone = [place for place in places if expected[place] >= ENOUGH]
    groups: list[list[str]] = [[]]
    for place in sorted(set(places) - set(alone)):
        groups[-1].append(place)
        if len(groups[-1]) > 1 and sum(expected[member] for member in groups[-1]) >= ENOUGH:
            groups.append([])
    left = groups.pop()
    if left and groups:
        groups[-1] += left  # too few to be a group of their own join the last one
    elif len(left) == 1 and alone:
        neighbour = min(alone, key=lambda place: (expected[place], place))
        alone.remove(neighbour)
        groups.append([*left, neighbour])
    elif left:
        groups.append(left)
    return [_unit(unit, expected, names) for unit in [*([place] for place in alone), *groups]]


def _unit(places: list[str], expected: Mapping[str, float], names: Mapping[str, str]) -> UnitPlan:
    weeks = weeks_for(sum(expected[place] for place in places))
    if len(places) == 1:
        return UnitPlan(places[0], names[places[0]], tuple(places), weeks)
    name = " and ".join([", ".join(names[place] for place in places[:-1]), names[places[-1]]])
    return UnitPlan(_id_of(sorted(places)), name, tuple(sorted(places)), weeks)


def _id_of(places: list[str]) -> str:
    whole = "-".join(places)
    if len(whole) <= 40:
        return whole
    return f"{whole[:31]}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def weeks_for(volume: float) -> int:
    """Return how long a unit's bins are: the shortest that brings twice ten replies.

    Parameters
    ----------
    volume : float
        Replies a week.

    Returns
    -------
    int
        1, 2, 4 or 13 weeks; 13 also where even a quarter brings fewer.
    """
    return next((weeks for weeks in ALLOWED_WEEKS if volume * weeks >= ENOUGH), ALLOWED_WEEKS[-1])


def _band(volume: float) -> Volume:
    if volume < K:
        return Volume.FEW
    return Volume.SOME if volume < ENOUGH else Volume.ENOUGH

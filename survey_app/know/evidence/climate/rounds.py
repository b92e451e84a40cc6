"""When every wave of a round is over: all teams of each place together, and the others for each team."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.waves.planning import REST
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.clock import london_day
from survey_app.database import insert_or_ignore
from survey_app.know.evidence.climate.masks import shown_points
from survey_app.know.evidence.climate.result import Others, Rollup, report_from, total_of
from survey_app.know.evidence.climate.rollups import FEWEST_TEAMS, ROUND, Union, admitted
from survey_app.know.evidence.climate.tables import ClimateRound, TeamReport
from survey_app.know.evidence.climate.wholes import Key, Whole, between_teams, reliability, wholes_of


@dataclass(frozen=True, slots=True)
class Ended:
    """A round that is over: what is released of it."""

    key: Key
    closed_on: dt.date
    rollups: tuple[Rollup, ...]
    others: Mapping[str, Others]
    reliability: Mapping[str, float] | None
    people: Mapping[str, int]
    unions: tuple[Union, ...]

    def to_document(self) -> dict[str, Any]:
        """Return what is stored.

        Returns
        -------
        dict
            Roll-ups by place, and reliability over everybody; of which waves each union is and how many
            answered in each, by which it is judged what a reader of several reports is shown.
        """
        found = {one.place: asdict(one) | {"closed_on": one.closed_on.isoformat()} for one in self.rollups}
        return {
            "rollups": found,
            "reliability": self.reliability,
            "people": dict(self.people),
            "unions": [[name, sorted(waves)] for name, waves in self.unions],
        }


def ended_rounds(session: Session, library: Library, today: dt.date) -> list[Ended]:
    """Work out rounds of which no wave is open or soon to be, and nothing is released yet.

    Parameters
    ----------
    session : Session
        Any session; nothing is written.
    library : Library
        Instruments.
    today : date
        A plan whose last day is over, or that begins more than 8 weeks from here, holds no round up: else
        whoever may plan a wave could keep everybody's figures back for good.

    Returns
    -------
    list of Ended
        Without rounds of which nothing may be released: they stay as they are.
    """
    found = (_ended(session, library, key) for key in _waiting(session, today))
    return [one for one in found if one is not None]


def keep_round(session: Session, ended: Ended, *, now: dt.datetime) -> bool:
    """Release a round, once: a wave that is put into it afterwards joins no union.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    ended : Ended
        As worked out.
    now : datetime
        Stamped on the row.

    Returns
    -------
    bool
        Whether this call released it.
    """
    row = {
        "round": ended.key[0],
        "instrument_id": ended.key[1],
        "instrument_version": ended.key[2],
        "closed_on": ended.closed_on,
        "content": ended.to_document(),
        "made_at": now,
    }
    if insert_or_ignore(session, ClimateRound, [row]) != 1:
        return False
    for stored in session.scalars(sa.select(TeamReport).where(TeamReport.wave_id.in_(list(ended.others)))):
        report = replace(
            report_from(stored.content),
            others=ended.others[stored.wave_id],
            reliability=ended.reliability,
        )
        stored.content, stored.edition = report.to_document(), report.edition
    return True


def _waiting(session: Session, today: dt.date) -> list[Key]:
    columns = (Wave.round, Wave.instrument_id, Wave.instrument_version)
    soon = sa.and_(Wave.state == WaveState.PLANNED, Wave.ends_on >= today, Wave.starts_on <= today + REST)
    going_on = sa.func.sum(sa.case((sa.or_(Wave.state == WaveState.OPEN, soon), 1), else_=0))
    closed = sa.func.sum(sa.case((Wave.state == WaveState.CLOSED, 1), else_=0))
    unreported = sa.func.sum(
        sa.case(
            ((Wave.state == WaveState.CLOSED) & ~sa.exists().where(TeamReport.wave_id == Wave.id), 1), else_=0
        )
    )
    released = sa.exists().where(
        ClimateRound.round == Wave.round,
        ClimateRound.instrument_id == Wave.instrument_id,
        ClimateRound.instrument_version == Wave.instrument_version,
    )
    query = (
        sa.select(*columns)
        .where(~released)
        .group_by(*columns)
        .having(going_on == 0, closed >= FEWEST_TEAMS, unreported == 0)
        .order_by(*columns)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _ended(session: Session, library: Library, key: Key) -> Ended | None:
    try:
        instrument = library.get(key[1], key[2])
    except UnknownInstrument:
        return None
    wholes = wholes_of(session, instrument, key)
    people = {wave_id: len(one.said) for wave_id, one in wholes.items()}
    wanted = _wanted(wholes, people)
    names = admitted(people, wanted)
    if ROUND not in names:
        return None
    closed_on = max(london_day(one.wave.closed_at) for one in wholes.values() if one.wave.closed_at)
    return Ended(
        key=key,
        closed_on=closed_on,
        rollups=tuple(_rollup(instrument, key[0], place, closed_on, wholes) for place in names if place),
        others={
            wave_id: _others(instrument, [one for other, one in wholes.items() if other != wave_id])
            for wave_id in wholes
        },
        reliability=reliability(instrument, wholes.values()),
        people=people,
        unions=tuple((name, waves) for name, waves in wanted if name in names),
    )


def _wanted(wholes: Mapping[str, Whole], people: Mapping[str, int]) -> list[Union]:
    # In the order in which they are judged: all, then places with the most people, the upper of equals.
    depth = {place: number for one in wholes.values() for number, place in enumerate(one.places)}
    unions = {place: frozenset(_below(wholes, place)) for place in depth}
    order = sorted(unions, key=lambda place: (-sum(people[w] for w in unions[place]), depth[place], place))
    return [(ROUND, frozenset(wholes)), *((place, unions[place]) for place in order)]


def _below(wholes: Mapping[str, Whole], place: str) -> dict[str, Whole]:
    return {wave_id: one for wave_id, one in wholes.items() if place in one.places}


def _points(members: Iterable[Whole]) -> dict[str, int]:
    together: dict[str, list[float]] = {}
    for one in members:
        for subject, scores in one.scores.items():
            together.setdefault(subject, []).extend(scores)
    return {
        subject: shown_points(statistics.fmean(scores), len(scores)) for subject, scores in together.items()
    }


def _rollup(
    instrument: Instrument, name: str, place: str, closed_on: dt.date, wholes: Mapping[str, Whole]
) -> Rollup:
    members = _below(wholes, place)
    points = _points(members.values())
    return Rollup(
        round=name,
        instrument=instrument.id,
        place=place,
        closed_on=closed_on,
        n_teams=len(members),
        n_people=_in_fives(members.values()),
        subjects=points,
        total=total_of(points, len(factors_of(instrument))),
        icc=between_teams(instrument, wholes.values()) if len(members) == len(wholes) else None,
    )


def _others(instrument: Instrument, members: Sequence[Whole]) -> Others:
    points = _points(members)
    return Others(len(members), _in_fives(members), points, total_of(points, len(factors_of(instrument))))


def _in_fives(members: Iterable[Whole]) -> int:
    return sum(len(one.said) for one in members) // 5 * 5

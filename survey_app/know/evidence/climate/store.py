"""Reading team reports and rounds for pages. Nothing is computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.tables import Wave, WaveMember, WaveTeam
from survey_app.ask.population.tables import Place
from survey_app.ask.population.teams.tables import Team, TeamMember
from survey_app.know.evidence.climate.result import Report, Rollup, report_from
from survey_app.know.evidence.climate.tables import ClimateRound, TeamReport

WITH_A_READER = 6
"""Ballots that a report needs where somebody on the roster may read it."""


@dataclass(frozen=True, slots=True)
class TeamAt:
    """A team with the path and the name of its place."""

    team: Team
    path: str
    place: str


ROUNDS = sa.select(ClimateRound.instrument_id, ClimateRound.content).order_by(
    ClimateRound.instrument_id, ClimateRound.closed_on.desc(), ClimateRound.made_at.desc()
)


def teams_below(session: Session, paths: Iterable[str]) -> list[TeamAt]:
    """Return the teams at or below some places.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths.

    Returns
    -------
    list of TeamAt
        By place, then name.
    """
    prefixes = [Place.path.startswith(path, autoescape=True) for path in paths]
    query = (
        sa.select(Team, Place.path, Place.name)
        .join(Place, Place.id == Team.place_id)
        .where(sa.or_(sa.false(), *prefixes))
        .order_by(Place.path, Team.name, Team.id)
    )
    return [TeamAt(*row) for row in session.execute(query)]


def waves_of(session: Session, team_ids: Iterable[str]) -> list[tuple[str, Wave]]:
    """Return the waves of teams.

    Parameters
    ----------
    session : Session
        A reading session.
    team_ids : iterable of str
        Ids of teams.

    Returns
    -------
    list of (str, Wave)
        Team and wave, the newest first.
    """
    query = (
        sa.select(WaveTeam.team_id, Wave)
        .join(Wave, Wave.id == WaveTeam.wave_id)
        .where(WaveTeam.team_id.in_(list(team_ids)))
        .order_by(Wave.starts_on.desc(), Wave.id)
    )
    return [(team_id, wave) for team_id, wave in session.execute(query)]


def report_of(session: Session, wave_id: str) -> Report | None:
    """Return the report of a wave.

    Parameters
    ----------
    session : Session
        A reading session.
    wave_id : str
        A wave.

    Returns
    -------
    Report or None
        None until it is made.
    """
    return reports_of(session, [wave_id]).get(wave_id)


def reports_of(session: Session, wave_ids: Iterable[str]) -> dict[str, Report]:
    """Return the reports of waves, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    wave_ids : iterable of str
        Waves.

    Returns
    -------
    dict of str to Report
        By wave; without those that are not made.
    """
    rows = session.execute(
        sa.select(TeamReport.wave_id, TeamReport.content).where(TeamReport.wave_id.in_(list(wave_ids)))
    )
    return {wave_id: report_from(content) for wave_id, content in rows}


def hidden_from(session: Session, address_index: bytes) -> frozenset[str]:
    """Return the waves whose report a reader may not see because they answered in it, or could have.

    Parameters
    ----------
    session : Session
        A reading session.
    address_index : bytes
        Keyed index of the reader's e-mail address.

    Returns
    -------
    frozenset of str
        Waves of their own that needed fewer than 6 ballots: there may be fewer than 5 besides theirs.
    """
    query = (
        sa.select(WaveMember.wave_id)
        .join(TeamMember, TeamMember.id == WaveMember.member_id)
        .join(Wave, Wave.id == WaveMember.wave_id)
        .where(TeamMember.address_index == address_index, sa.func.coalesce(Wave.needed, 0) < WITH_A_READER)
    )
    return frozenset(session.scalars(query))


def rollups_at(session: Session, place_id: str) -> list[Rollup]:
    """Return what all teams at a place say together, of the newest round of each instrument.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place.

    Returns
    -------
    list of Rollup
        By instrument; a place that may not be shown in the newest round shows none of it.
    """
    found: dict[str, Rollup | None] = {}
    for instrument_id, content in session.connection().execute(ROUNDS):
        if instrument_id not in found:
            raw = content["rollups"].get(place_id)
            found[instrument_id] = _rollup(raw) if raw else None
    return [one for one in found.values() if one is not None]


def _rollup(raw: dict[str, object]) -> Rollup:
    closed_on = dt.date.fromisoformat(str(raw["closed_on"]))
    return Rollup(**raw | {"closed_on": closed_on})  # type: ignore[arg-type]

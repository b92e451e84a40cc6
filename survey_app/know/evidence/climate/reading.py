"""Reading what a report is made of: a wave, its teams, roster and opened ballots."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.tables import Wave, WaveMember, WaveState, WaveTeam
from survey_app.hear.responses.ballots.tables import Ballot
from survey_app.know.evidence.climate.scoring import Said
from survey_app.know.evidence.climate.tables import TeamReport

LEAST_NEEDED = 5


def teams_of(session: Session, wave_id: str) -> tuple[str, ...]:
    """Return the teams of a wave.

    Parameters
    ----------
    session : Session
        A reading session.
    wave_id : str
        A wave.

    Returns
    -------
    tuple of str
        Ids, in order.
    """
    query = sa.select(WaveTeam.team_id).where(WaveTeam.wave_id == wave_id).order_by(WaveTeam.team_id)
    return tuple(session.scalars(query))


def roster_of(session: Session, wave_id: str) -> frozenset[int]:
    """Return who was asked.

    Parameters
    ----------
    session : Session
        A reading session.
    wave_id : str
        A wave.

    Returns
    -------
    frozenset of int
        Ids of members.
    """
    return frozenset(session.scalars(sa.select(WaveMember.member_id).where(WaveMember.wave_id == wave_id)))


def ballots_of(session: Session, wave_id: str) -> list[Said]:
    """Return the opened ballots of a wave.

    Parameters
    ----------
    session : Session
        A reading session.
    wave_id : str
        A wave.

    Returns
    -------
    list of Said
        In the order of ids, which are random.
    """
    rows = session.execute(
        sa.select(Ballot.answers, Ballot.quick).where(Ballot.wave_id == wave_id).order_by(Ballot.id)
    )
    return [Said(answers, quick) for answers, quick in rows]


def needed_for(wave: Wave) -> int:
    """Return how many people each of a wave's figures needs.

    Parameters
    ----------
    wave : Wave
        A launched wave.

    Returns
    -------
    int
        6, or 5 where no reader was on the roster; never less.
    """
    return max(wave.needed or LEAST_NEEDED + 1, LEAST_NEEDED)


def unreported(session: Session) -> list[str]:
    """Return closed waves that have no report yet.

    Parameters
    ----------
    session : Session
        A reading session.

    Returns
    -------
    list of str
        Ids, the first closed first, so that each finds the one before it.
    """
    done = sa.exists().where(TeamReport.wave_id == Wave.id)
    query = sa.select(Wave.id).where(Wave.state == WaveState.CLOSED, ~done)
    return list(session.scalars(query.order_by(Wave.closed_at, Wave.id)))


def earlier_waves(session: Session, wave: Wave, teams: Sequence[str]) -> list[Wave]:
    """Return the closed waves of the same teams and wording before one.

    Parameters
    ----------
    session : Session
        A reading session.
    wave : Wave
        A closed wave.
    teams : sequence of str
        Its teams; a wave that pooled others as well is another group of people and is left out.

    Returns
    -------
    list of Wave
        The newest first.
    """
    query = (
        sa.select(Wave)
        .join(WaveTeam, WaveTeam.wave_id == Wave.id)
        .where(
            WaveTeam.team_id == teams[0],
            Wave.id != wave.id,
            Wave.state == WaveState.CLOSED,
            Wave.instrument_id == wave.instrument_id,
            Wave.instrument_version == wave.instrument_version,
            Wave.closed_at < wave.closed_at,
        )
        .order_by(Wave.closed_at.desc(), Wave.id)
    )
    return [one for one in session.scalars(query) if teams_of(session, one.id) == tuple(teams)]

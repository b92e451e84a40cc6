"""Whole waves as they go into unions of teams, and what is worked out over all of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.waves.tables import Wave, WaveState, WaveTeam
from survey_app.ask.population.places import ancestors
from survey_app.ask.population.tables import Place
from survey_app.ask.population.teams.tables import Team
from survey_app.know.evidence.climate.reading import ballots_of, needed_for, teams_of
from survey_app.know.evidence.climate.scoring import Said, item_scores, score_of, scores_on
from survey_app.know.evidence.climate.tables import TeamReport
from survey_app.stats.alpha import cronbach_alpha
from survey_app.stats.icc import TeamVariance, shown_icc, team_variance

RELIABLE_FROM = 100
Key = tuple[str, str, int]
"""Round, instrument and version."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One wave as it goes into unions: people's scores by subject, never fewer than the wave needs."""

    wave: Wave
    places: tuple[str, ...]
    said: tuple[Said, ...]
    scores: Mapping[str, Sequence[float]]


def wholes_of(session: Session, instrument: Instrument, key: Key) -> dict[str, Whole]:
    """Return the waves of a round that may go into unions.

    Parameters
    ----------
    session : Session
        Any session.
    instrument : Instrument
        What was asked.
    key : Key
        Which round.

    Returns
    -------
    dict of str to Whole
        By wave, each with a report, and with enough answers to every subject; a team that was asked twice
        with its last wave. Waves of a union that is out already are in no other.
    """
    query = sa.select(Wave).where(
        Wave.round == key[0],
        Wave.instrument_id == key[1],
        Wave.instrument_version == key[2],
        Wave.state == WaveState.CLOSED,
    )
    found: dict[str, Whole] = {}
    taken: set[str] = set()
    for wave in session.scalars(query.order_by(Wave.closed_at.desc(), Wave.id)):
        teams, content = teams_of(session, wave.id), session.get_one(TeamReport, wave.id).content
        if content["refused"] or content["others"] or taken.intersection(teams):
            continue
        said = tuple(ballots_of(session, wave.id))
        scores = _scores(instrument, said)
        if min(map(len, scores.values()), default=0) < needed_for(wave):
            continue  # in one figure and not in another it could be told apart
        taken.update(teams)
        found[wave.id] = Whole(wave, _places(session, wave.id), said, scores)
    return found


def reliability(instrument: Instrument, wholes: Iterable[Whole]) -> dict[str, float] | None:
    """Work out alpha of each factor over all teams.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    wholes : iterable of Whole
        All waves of a round.

    Returns
    -------
    dict of str to float, or None
        By factor, two decimals; None below 100 people who answered every item of a factor.
    """
    said = [one for whole in wholes for one in whole.said]
    found = {}
    for scale in factors_of(instrument):
        items = [instrument.item(item_id) for item_id in scale.items]
        rows = [[score_of(item, one.answers) for item in items] for one in said]
        alpha = cronbach_alpha(rows)
        if alpha is not None and alpha.n >= RELIABLE_FROM:
            found[scale.id] = round(alpha.alpha, 2)
    return found or None


def between_teams(instrument: Instrument, wholes: Iterable[Whole]) -> float | None:
    """Work out how much of the differences between people lies between their teams.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    wholes : iterable of Whole
        All waves of a round.

    Returns
    -------
    float or None
        ICC(1) of people's totals, two decimals, 0 in place of a negative one; None below 10 teams.
    """
    variance: TeamVariance | None = team_variance([_totals(instrument, one.said) for one in wholes])
    shown = shown_icc(variance) if variance else None
    return None if shown is None else round(shown, 2)


def _totals(instrument: Instrument, said: Sequence[Said]) -> list[float]:
    # Of everybody who answered all factors: a mean of some would compare people on different questions.
    scored = [[scores_on(scale, instrument, [one]) for scale in factors_of(instrument)] for one in said]
    return sorted(statistics.fmean(score for (score,) in one) for one in scored if one and all(one))


def _scores(instrument: Instrument, said: Sequence[Said]) -> dict[str, Sequence[float]]:
    factors = factors_of(instrument)
    if factors:
        return {scale.id: scores_on(scale, instrument, said) for scale in factors}
    return {item.id: item_scores(item, said) for item in instrument.items if item.scored}


def _places(session: Session, wave_id: str) -> tuple[str, ...]:
    # Those that hold all teams of the wave, from the top.
    query = (
        sa.select(Place.path)
        .join(Team, Team.place_id == Place.id)
        .join(WaveTeam, WaveTeam.team_id == Team.id)
        .where(WaveTeam.wave_id == wave_id)
    )
    ways = [(*ancestors(path), path.strip("/").rpartition("/")[2]) for path in session.scalars(query)]
    shared = []
    for steps in zip(*ways, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return tuple(shared)

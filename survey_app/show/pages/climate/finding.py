"""Which teams and waves somebody may read; any other is as unknown as one that never was."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn
from survey_app.ask.outreach.waves.tables import Wave
from survey_app.ask.population.addresses import AddressKind, address_key
from survey_app.crypto import Keys
from survey_app.know.evidence.climate.result import Report
from survey_app.know.evidence.climate.store import TeamAt, hidden_from, report_of, teams_below, waves_of
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who

READERS = ROLES[Who.TEAM_LEADER]


@dataclass(frozen=True, slots=True)
class Found:
    """One wave of one team; without a report where none was made, or none that this reader may see."""

    at: TeamAt
    wave: Wave
    report: Report | None
    hidden: bool


def own_teams(session: Session, person: SignedIn) -> list[TeamAt]:
    """Return the teams whose reports a person may read."""
    paths = [grant.place_path for grant in person.grants if grant.role in READERS]
    return teams_below(session, paths)


def find(session: Session, person: SignedIn, keys: Keys, team_id: str, wave_id: str) -> Found:
    """Return a wave of a team in the person's scope; any other is not found."""
    at = next((one for one in own_teams(session, person) if one.team.id == team_id), None) or abort(404)
    waves = (wave for _, wave in waves_of(session, [team_id]) if wave.id == wave_id)
    wave = next(waves, None) or abort(404)
    hidden = wave.id in hidden_waves(session, person, keys)
    return Found(at, wave, None if hidden else report_of(session, wave_id), hidden)


def hidden_waves(session: Session, person: SignedIn, keys: Keys) -> frozenset[str]:
    """Return the waves in which the reader was asked and where too few others may have answered."""
    return hidden_from(session, address_key(keys, AddressKind.EMAIL, person.email))

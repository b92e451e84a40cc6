"""Which teams and waves somebody may read; any other is as unknown as one that never was."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn, has_role
from survey_app.ask.outreach.waves.tables import Wave
from survey_app.ask.population.addresses import AddressKind, address_key
from survey_app.crypto import Keys
from survey_app.know.evidence.climate.result import Report
from survey_app.know.evidence.climate.store import TeamAt, hides_from, report_of, teams_below, waves_of
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
    if not has_role(person, READERS, at.path):
        abort(404)
    waves = (wave for _, wave in waves_of(session, [team_id]) if wave.id == wave_id)
    wave = next(waves, None) or abort(404)
    hidden = is_hidden(session, person, keys, wave)
    return Found(at, wave, None if hidden else report_of(session, wave_id), hidden)


def is_hidden(session: Session, person: SignedIn, keys: Keys, wave: Wave) -> bool:
    """Tell whether the reader is a member whose own answers would leave too few others."""
    return hides_from(session, wave, address_key(keys, AddressKind.EMAIL, person.email))

"""Which teams and waves somebody may read; any other is as unknown as one that never was."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn
from survey_app.ask.outreach.waves.tables import Wave
from survey_app.ask.population.addresses import AddressKind, address_key
from survey_app.crypto import Keys
from survey_app.know.evidence.climate.readers import report_as_read
from survey_app.know.evidence.climate.result import Report
from survey_app.know.evidence.climate.store import TeamAt, hidden_from, report_of, teams_below, waves_of
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who

READERS = ROLES[Who.TEAM_LEADER]


@dataclass(frozen=True, slots=True)
class Found:
    """One wave of one team; without a report where none was made, or none that this reader may see.

    `keeps_others` where the report says nothing of all other teams because its reader could work a few out.
    """

    at: TeamAt
    wave: Wave
    report: Report | None
    hidden: bool
    keeps_others: bool = False


def own_teams(session: Session, person: SignedIn) -> list[TeamAt]:
    """Return the teams whose reports a person may read."""
    paths = [grant.place_path for grant in person.grants if grant.role in READERS]
    return teams_below(session, paths)


def find(session: Session, person: SignedIn, keys: Keys, team_id: str, wave_id: str) -> Found:
    """Return a wave of a team in the person's scope; any other is not found."""
    at = next((one for one in own_teams(session, person) if one.team.id == team_id), None) or abort(404)
    waves = (wave for _, wave in waves_of(session, [team_id]) if wave.id == wave_id)
    wave = next(waves, None) or abort(404)
    report = report_of(session, wave_id)
    if wave.id in hidden_waves(session, person, keys):
        return Found(at, wave, None, hidden=True)
    if report is None:
        return Found(at, wave, None, hidden=False)
    shown = report_as_read(session, report, reports_read(session, person, keys))
    return Found(at, wave, shown, hidden=False, keeps_others=shown is not report)


def reports_read(session: Session, person: SignedIn, keys: Keys) -> frozenset[str]:
    """Return the waves whose own report a person may read: with them a sum of all teams says more."""
    teams = [at.team.id for at in own_teams(session, person)]
    if not teams:
        return frozenset()
    asked = frozenset(wave.id for _, wave in waves_of(session, teams))
    return asked - hidden_waves(session, person, keys)


def hidden_waves(session: Session, person: SignedIn, keys: Keys) -> frozenset[str]:
    """Return the waves in which the reader was asked and where too few others may have answered."""
    return hidden_from(session, address_key(keys, AddressKind.EMAIL, person.email))

"""Launching: the roster of that day gets tokens, the key is put on disk, invitations wait in the outbox."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves import keyfile, members
from survey_app.ask.outreach.waves.planning import BadWave, refuse_busy
from survey_app.ask.outreach.waves.readers import needed
from survey_app.ask.outreach.waves.sameness import refuse_same_people
from survey_app.ask.outreach.waves.states import hold, move, take_reminder, teams_of
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.ask.outreach.waves.telling import Occasion, Teller, contacts, tell
from survey_app.ask.population.teams.roster import on_teams
from survey_app.ask.population.teams.teams import paths_of
from survey_app.clock import london_day


def launch(session: Session, wave_id: str, teller: Teller, data_dir: Path) -> Wave:
    """Open a planned wave and queue its invitations, or raise BadWave."""
    wave = hold(session, wave_id)
    if wave is None or wave.state is not WaveState.PLANNED:
        raise BadWave("this wave was launched already")
    today, team_ids = london_day(teller.now), teams_of(session, wave_id)
    if wave.ends_on <= today:
        raise BadWave("its last day is over: plan it again")
    refuse_busy(session, team_ids, wave.starts_on, besides=wave_id)
    asked = dict(contacts(session, [one.id for one in on_teams(session, team_ids, today)], teller.keys))
    enough = needed(session, asked.values(), paths_of(session, team_ids))
    if len(asked) < enough:
        raise BadWave(
            f"{len(asked)} people are on the roster and a report needs {enough} who answer: put this team "
            "together with another small one, so that both are asked as one"
        )
    refuse_same_people(session, asked.values(), wave.starts_on, besides=wave_id, keys=teller.keys)
    key = keyfile.new_key()
    move(
        session,
        wave_id,
        WaveState.PLANNED,
        WaveState.OPEN,
        public_key=key.public,
        launched_at=teller.now,
        needed=enough,
        shown_on=today,
    )
    # Before the commit: an open wave never lacks its key, and a key without an open wave harms nobody.
    keyfile.store(data_dir, wave_id, key)
    members.enrol(session, wave_id, asked, wave_key=key, keys=teller.keys)
    tell(session, wave, Occasion.INVITATION, asked, teller)
    return wave


def remind(session: Session, wave: Wave, teller: Teller) -> bool:
    """Queue the one reminder, to those who have not answered; False where it was sent already."""
    if not take_reminder(session, wave.id, teller.now):
        return False
    tell(session, wave, Occasion.REMINDER, members.silent(session, wave.id), teller)
    return True

"""Waves of team climate by the clock: close, remind, void without a key, destroy keys, look once a night."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app.accounts.audit.trail import Deed, write
from survey_app.ask.outreach.waves.launching import remind
from survey_app.ask.outreach.waves.members import members_of
from survey_app.ask.outreach.waves.progress import note
from survey_app.ask.outreach.waves.states import in_state
from survey_app.ask.outreach.waves.states import wave as find_wave
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.ask.outreach.waves.telling import Occasion, Teller, speeches_of, tell
from survey_app.bootstrap import Runtime
from survey_app.clock import london_day
from survey_app.hear.responses.ballots import closing
from survey_app.jobs.lease import Fence

CLOCK = "the clock"


def tend_waves(runtime: Runtime, fence: Fence | None = None) -> None:
    """Do what is due; twice changes nothing."""
    now = runtime.clock()
    with runtime.database.reading() as session:
        open_waves = in_state(session, WaveState.OPEN)
    if open_waves:
        with runtime.database.writing() as session:
            if fence is not None:
                fence.check(session)
            _tend(session, runtime, now)
    # In a transaction of its own: a key goes only when the end of its wave is on disk.
    with runtime.database.reading() as session:
        closing.destroy_keys(session, runtime.settings.data_dir)


def teller_of(runtime: Runtime) -> Teller:
    """Return what telling members needs."""
    return Teller(
        runtime.keys,
        speeches_of(runtime.wording.teams_by_language),
        runtime.settings.sender_name,
        runtime.clock(),
    )


def _tend(session: Session, runtime: Runtime, now: dt.datetime) -> None:
    folder, today, teller = runtime.settings.data_dir, london_day(now), teller_of(runtime)
    for wave in closing.lost(session, folder):
        _write(session, runtime, wave.id, closing.void(session, wave.id, now=now))
        tell(session, wave, Occasion.VOID, members_of(session, wave.id), teller)
    for wave in in_state(session, WaveState.OPEN):
        if today > wave.ends_on:
            _close(session, wave, runtime, teller)
        elif _is_reminder_due(wave, today):
            remind(session, wave, teller)
    note(session, today)


def _close(session: Session, wave: Wave, runtime: Runtime, teller: Teller) -> None:
    ended = closing.close(session, wave.id, runtime.settings.data_dir, now=teller.now)
    _write(session, runtime, wave.id, ended)
    if ended is WaveState.VOID and (found := find_wave(session, wave.id)) is not None:
        tell(session, found, Occasion.VOID, members_of(session, found.id), teller)


def _write(session: Session, runtime: Runtime, wave_id: str, ended: WaveState | None) -> None:
    # What staff do to a wave stands in the trail; what becomes of it without them must as well.
    deed = Deed(CLOCK, "wave ended", f"wave_id={wave_id} as={ended}")
    write(session, deed, keys=runtime.keys, now=runtime.clock())


def _is_reminder_due(wave: Wave, today: dt.date) -> bool:
    if wave.remind_after_days is None or wave.reminded_at is not None:
        return False
    return today >= wave.starts_on + dt.timedelta(days=wave.remind_after_days)

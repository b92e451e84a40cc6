"""A synthetic member of a team answers: every statement through the very way in that real ballots take."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.outreach.waves.keyfile import load
from survey_app.ask.outreach.waves.tables import Wave
from survey_app.hear.responses.ballots import casting
from survey_app.hear.responses.ballots.casting import Fate, Voter
from survey_app.hear.responses.ballots.drafts import Holder

Level = Callable[[str], float]


def voter_of(wave: Wave, member_id: int, library: Library, data_dir: Path) -> Voter:
    """Return somebody who holds their link."""
    key = load(data_dir, wave.id, wave.public_key)
    instrument = library.get(wave.instrument_id, wave.instrument_version)
    holder = Holder(wave.id, key.token(wave.id, member_id), key)
    return Voter(holder, member_id, key.public, instrument)


def fill_in(session: Session, voter: Voter, level: Level, luck: random.Random, at: dt.datetime) -> Fate:
    """Answer every statement around a level from 0 to 1, and return what became of the ballot."""
    casting.begin(session, voter, now=at)
    fate, seconds = Fate.EMPTY, luck.choice((2, 9, 9, 9, 12))
    for number, item in enumerate(voter.instrument.items, 1):
        options = sorted(item.scored, key=lambda option: item.score(option.code) or 0.0)
        chosen = options[sum(luck.random() < level(item.id) for _ in options[1:])].code
        code = None if luck.random() < 0.03 else chosen
        now = at + dt.timedelta(seconds=seconds * number)
        fate = casting.answer(session, voter, item, code, now=now, shown_at=at).fate
    return fate

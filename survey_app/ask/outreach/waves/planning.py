"""Planning: which teams are asked, on which days; small teams go into one wave together."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.ask.outreach.waves.tables import Wave, WaveState, WaveTeam
from survey_app.ask.population.teams.tables import Team

MOST_DAYS = 42
REST = dt.timedelta(days=56)
"""Between two rounds of one team: people tire, and who joined or left in between would stand out."""

NEEDED, NEEDED_AMONG_EQUALS = 6, 5
COMFORTABLE = 10
"""On a smaller roster it takes nearly everybody before anything can be opened."""


class BadWave(ValueError):
    """A wave that cannot be planned or launched; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class NewWave:
    """What somebody plans."""

    round: str
    instrument: Instrument
    team_ids: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date
    remind_after_days: int | None = None


def plan(session: Session, new: NewWave) -> Wave:
    """Store a planned wave, or raise BadWave."""
    named = " ".join(new.round.split())
    if not 1 <= len(named) <= 80 or not named.isprintable():
        raise BadWave("enter a name for the round, of at most 80 characters")
    if new.instrument.audience is not Audience.STAFF:
        raise BadWave("choose questions for staff")
    if not new.team_ids:
        raise BadWave("choose at least one team")
    refuse_days(new)
    refuse_busy(session, new.team_ids, new.starts_on)
    made = Wave(
        id=secrets.token_hex(8),
        round=named,
        instrument_id=new.instrument.id,
        instrument_version=new.instrument.version,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        remind_after_days=new.remind_after_days,
        state=WaveState.PLANNED,
        n_shown=0,
    )
    session.add(made)
    session.flush()
    session.add_all(WaveTeam(wave_id=made.id, team_id=one) for one in sorted(set(new.team_ids)))
    session.flush()
    return made


def pool(session: Session, wave: Wave, team_id: str) -> None:
    """Take one more team into a planned wave."""
    if wave.state is not WaveState.PLANNED:
        raise BadWave("teams can be put together only before the launch")
    refuse_busy(session, [team_id], wave.starts_on)
    session.add(WaveTeam(wave_id=wave.id, team_id=team_id))
    session.flush()


def refuse_days(new: NewWave) -> None:
    """Refuse days on which nobody could answer in peace."""
    length = (new.ends_on - new.starts_on).days
    if not 3 <= length <= MOST_DAYS:
        raise BadWave(f"the last day must be 3 to {MOST_DAYS} days after the first")
    if new.remind_after_days is not None and not 1 <= new.remind_after_days < length:
        raise BadWave("the reminder must come before the last day")


def refuse_busy(
    session: Session, team_ids: Collection[str], starts_on: dt.date, *, besides: str | None = None
) -> None:
    """Refuse teams that are being asked, or were asked a short while ago."""
    lately = sa.and_(Wave.state == WaveState.CLOSED, Wave.ends_on > starts_on - REST)
    running = Wave.state.in_((WaveState.PLANNED, WaveState.OPEN))
    busy = (
        sa.select(Team.name, Wave.state)
        .join(WaveTeam, WaveTeam.team_id == Team.id)
        .join(Wave, Wave.id == WaveTeam.wave_id)
        .where(Team.id.in_(team_ids), sa.or_(running, lately))
    )
    row = session.execute(busy.where(Wave.id != (besides or "")).order_by(Team.name).limit(1)).first()
    if row is not None and row[1] is WaveState.CLOSED:
        raise BadWave(
            f"{row[0]} was asked less than 8 weeks before that day: the next round must wait, because two "
            "reports that close together could show what somebody said who joined or left in between"
        )
    if row is not None:
        raise BadWave(f"{row[0]} is in a wave that is planned or open already")

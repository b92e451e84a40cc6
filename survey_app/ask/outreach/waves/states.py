"""Where a wave stands, and the steps from one state to the next; each step is taken once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.tables import Wave, WaveState, WaveTeam

OVER = (WaveState.CLOSED, WaveState.UNOPENED, WaveState.VOID)
"""Then the key has no right to be there any more."""


def wave(session: Session, wave_id: str) -> Wave | None:
    """Return a wave by id, or None."""
    return session.get(Wave, wave_id)


def teams_of(session: Session, wave_id: str) -> list[str]:
    """Return the ids of the teams in a wave."""
    found = sa.select(WaveTeam.team_id).where(WaveTeam.wave_id == wave_id)
    return list(session.scalars(found.order_by(WaveTeam.team_id)))


def waves_of(session: Session, team_ids: Collection[str]) -> list[Wave]:
    """Return every wave of some teams, the newest first."""
    theirs = sa.select(WaveTeam.wave_id).where(WaveTeam.team_id.in_(team_ids))
    found = sa.select(Wave).where(Wave.id.in_(theirs))
    return list(session.scalars(found.order_by(Wave.starts_on.desc(), Wave.id)))


def in_state(session: Session, *states: WaveState) -> list[Wave]:
    """Return the waves in some states."""
    return list(session.scalars(sa.select(Wave).where(Wave.state.in_(states)).order_by(Wave.id)))


def is_open(session: Session, wave_id: str) -> bool:
    """Tell whether a wave takes answers; until this transaction ends it cannot be closed."""
    held = sa.select(Wave.state).where(Wave.id == wave_id).with_for_update(read=True)
    return session.scalar(held) is WaveState.OPEN


def hold(session: Session, wave_id: str) -> Wave | None:
    """Return a wave that nobody else can move until this transaction ends."""
    held = sa.select(Wave).where(Wave.id == wave_id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).first()


def move(session: Session, wave_id: str, before: WaveState, after: WaveState, **values: Any) -> bool:  # noqa: ANN401 - columns of the row
    """Take one step; False where the wave is not where it starts from."""
    chosen = sa.and_(Wave.id == wave_id, Wave.state == before)
    moved = sa.update(Wave).where(chosen).values(state=after, **values).returning(Wave.id)
    done = session.execute(moved.execution_options(synchronize_session=False)).first() is not None
    session.expire_all()
    return done


def take_reminder(session: Session, wave_id: str, now: dt.datetime) -> bool:
    """Take the one reminder that an open wave has; False where it is spent."""
    unspent = sa.and_(Wave.id == wave_id, Wave.state == WaveState.OPEN, Wave.reminded_at.is_(None))
    taken = sa.update(Wave).where(unspent).values(reminded_at=now).returning(Wave.id)
    done = session.execute(taken.execution_options(synchronize_session=False)).first() is not None
    session.expire_all()
    return done


def delete_planned(session: Session, wave_id: str) -> bool:
    """Take back a wave that was never launched."""
    held = hold(session, wave_id)
    if held is None or held.state is not WaveState.PLANNED:
        return False
    session.execute(sa.delete(WaveTeam).where(WaveTeam.wave_id == wave_id))
    session.execute(sa.delete(Wave).where(Wave.id == wave_id))
    return True

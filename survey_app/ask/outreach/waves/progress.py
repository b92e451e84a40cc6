"""How many have answered, as far as anybody may know while a wave is open.

A count that moves while one person presses a button would tell that they did. So it is looked at
once a night, it moves in whole fives, and pages turn it into three words.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.members import n_answered
from survey_app.ask.outreach.waves.tables import Wave, WaveState

STEP = 5


class Band(StrEnum):
    """What a page says of an open wave."""

    FEW = "few"
    SOME = "some"
    MANY = "many"


def note(session: Session, day: dt.date) -> int:
    """Look at every open wave once a day and keep how far it is; return how many were looked at."""
    due = sa.select(Wave).where(Wave.state == WaveState.OPEN, Wave.shown_on.is_distinct_from(day))
    waves = session.scalars(due.order_by(Wave.id)).all()
    for one in waves:
        # On the day of its launch a wave has not had a night yet.
        if one.shown_on is not None:
            one.n_shown = max(one.n_shown, n_answered(session, one.id) // STEP * STEP)
        one.shown_on = day
    session.flush()
    return len(waves)


def band(n_shown: int, n_members: int) -> Band:
    """Return what may be said of a number that was kept."""
    if n_shown < STEP:
        return Band.FEW
    return Band.MANY if 2 * n_shown >= n_members else Band.SOME

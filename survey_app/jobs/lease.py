"""The clock's lease: one holder at a time, and a fencing token that refuses a holder who slept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.database import Database, insert_or_ignore
from survey_app.jobs.tables import Lease
from survey_app.know.aggregation.turns import take_turn

CLOCK = "clock"
LASTS = dt.timedelta(seconds=30)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class LostLease(RuntimeError):
    """Another process holds the lease: this one's work must not be committed."""


@dataclass(frozen=True, slots=True)
class Fence:
    """Proof of holding the lease; checked inside each transaction of a job."""

    holder: str
    token: int

    def check(self, session: Session) -> None:
        """Refuse to go on where somebody else has taken the lease since; until the commit nobody can."""
        row = _locked(session)
        if (row.holder, row.token) != (self.holder, self.token):
            raise LostLease(f"{self.holder} no longer holds the clock's lease")


def queue_up(session: Session, fence: Fence | None) -> None:
    """Let one counting transaction go on at a time: the clock's by its fence, a command's in its turn."""
    if fence is None:
        _locked(session)
    else:
        fence.check(session)
    take_turn(session)


def take(database: Database, holder: str, now: dt.datetime) -> Fence | None:
    """Take or renew the lease; None while another holder's has not run out."""
    with database.writing() as session:
        row = _locked(session)
        # A lease from further ahead was written by a wrong clock: it must not stop this one for hours.
        if row.holder != holder and now < row.until <= now + 2 * LASTS:
            return None
        if row.holder != holder:
            row.token += 1
        row.holder, row.until = holder, now + LASTS
        return Fence(holder, row.token)


def give_back(database: Database, fence: Fence, now: dt.datetime) -> None:
    """Let the next process take over at once."""
    mine = sa.and_(Lease.name == CLOCK, Lease.holder == fence.holder, Lease.token == fence.token)
    with database.writing() as session:
        session.connection().execute(sa.update(Lease).where(mine).values(until=now))


def _locked(session: Session) -> Lease:
    insert_or_ignore(session, Lease, [{"name": CLOCK, "holder": "", "token": 0, "until": LONG_AGO}])
    query = sa.select(Lease).where(Lease.name == CLOCK).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def is_held(database: Database, now: dt.datetime) -> bool:
    """Return whether some process holds the lease and keeps it fresh."""
    with database.reading() as session:
        until = session.scalar(sa.select(Lease.until).where(Lease.name == CLOCK))
    return until is not None and until > now

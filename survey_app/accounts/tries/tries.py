"""Counting wrong tries where all web processes see them: what can be guessed must not be guessed n-fold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.tries.tables import WrongTry
from survey_app.clock import Clock
from survey_app.crypto import Keys, keyed_hash
from survey_app.database import Database, count_up
from survey_app.web.limiter import source_of

EVERYBODY = "everybody"
"""The source under which a door counts all others: no address is called so."""

LONGEST_WINDOW = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """A door's budget of wrong tries for each source and for all together, in windows that start over.

    Kept in the database, for every process; a source only as a keyed hash, and not for two hours.
    """

    database: Database
    keys: Keys
    clock: Clock
    door: str
    each: int = 20
    together: int = 2_000
    window: dt.timedelta = dt.timedelta(minutes=10)

    def failed(self, address: str | None) -> bool:
        """Count one in a transaction of its own; tell whether its source, or everybody, is over budget."""
        now = self.clock()
        with self.database.writing() as session:
            over = sa.and_(WrongTry.door == self.door, WrongTry.since <= now - self.window)
            session.execute(sa.delete(WrongTry).where(over))
            if self._count(session, EVERYBODY, now) > self.together:
                return True  # and no row more: a flood from everywhere must not fill the disk
            return self._count(session, source_of(address), now) > self.each

    def is_spent(self, session: Session, address: str | None) -> bool:
        """Tell whether one source has used up its budget, without counting anything."""
        mine = sa.and_(WrongTry.door == self.door, WrongTry.source_hash == self._hash(source_of(address)))
        fresh = sa.select(WrongTry.failures).where(mine, WrongTry.since > self.clock() - self.window)
        return (session.scalar(fresh) or 0) >= self.each

    def _count(self, session: Session, source: str, now: dt.datetime) -> int:
        row = {"door": self.door, "source_hash": self._hash(source), "since": now, "failures": 1}
        return count_up(session, WrongTry, row, "failures", key=["door", "source_hash"])

    def _hash(self, source: str) -> bytes:
        return keyed_hash(self.keys.session, "wrong-try", f"{self.door}:{source}")


def forget_tries(session: Session, *, now: dt.datetime) -> None:
    """Forget sources whose window is over at every door; twice changes nothing."""
    session.execute(sa.delete(WrongTry).where(WrongTry.since <= now - LONGEST_WINDOW))

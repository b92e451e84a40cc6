"""One counting transaction at a time, also where the one who asks holds no lease: a page that erases."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

LOCK = 7_142_954
"""Of counting, among PostgreSQL's advisory locks; SQLite has one writer anyway."""


def take_turn(session: Session) -> None:
    """Wait until no other transaction counts or lets go of what is counted, and be the one until the commit.

    Parameters
    ----------
    session : Session
        A writing transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))

"""Circuit breakers: a medium whose provider fails all the time rests; then one message tries."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.alarms import Operator, alarm, held
from survey_app.ask.sending.tables import Breaker, Medium
from survey_app.database import insert_or_ignore

MOST_FAILURES = 5
"""So many failures in a row open a breaker; a refusal of the account opens it at once."""
PAUSE = dt.timedelta(minutes=15)


def standing(session: Session) -> dict[Medium, Breaker]:
    """Return the breakers that were ever touched, by medium."""
    return {row.medium: row for row in session.scalars(sa.select(Breaker))}


def allowed(session: Session, medium: Medium, now: dt.datetime) -> int | None:
    """Return how many messages a breaker lets pass now: 0 while open, 1 to try, None for any number."""
    row = session.get(Breaker, medium, populate_existing=True)
    if row is None or row.opened_at is None:
        return None
    return 0 if row.until is not None and now < row.until else 1


def worked(session: Session, medium: Medium) -> None:
    """Close a breaker: the provider took a message, or refused it for its own sake."""
    troubled = sa.and_(
        Breaker.medium == medium, sa.or_(Breaker.n_failures > 0, Breaker.opened_at.is_not(None))
    )
    session.execute(
        sa.update(Breaker).where(troubled).values(n_failures=0, opened_at=None, until=None, code=None)
    )


def failed(
    session: Session, medium: Medium, code: str, *, now: dt.datetime, operator: Operator, hold: bool = False
) -> bool:
    """Count a failure, open the breaker where due, and raise the alarm once; tell whether it is open."""
    insert_or_ignore(session, Breaker, [{"medium": medium, "n_failures": 0}])
    row = session.get_one(Breaker, medium, populate_existing=True, with_for_update=True)
    row.n_failures, row.code = row.n_failures + 1, code[:24]
    was_open = row.opened_at is not None
    if hold or was_open or row.n_failures >= MOST_FAILURES:
        row.opened_at, row.until = row.opened_at or now, now + PAUSE
    session.flush()
    if row.opened_at is not None and not was_open:
        alarm(
            session,
            operator,
            f"breaker:{medium}:{now:%Y%m%d%H%M%S}",
            held(medium, row.code or "", row.n_failures),
            now,
        )
    return row.opened_at is not None

"""Letters printed together for the post room: made by a worker, opened by who asked, gone in a day."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.crypto import Keys, seal, unseal
from survey_app.show.charts.documents.store import KEPT
from survey_app.show.charts.documents.tables import DocumentState, LetterRun

PATIENCE = dt.timedelta(minutes=10)
"""After so long a run is taken up again: the worker that had it has ended."""
MOST = 500
"""Letters in one run; a worker prints about ten a second."""


def ask(
    session: Session,
    campaign_id: int,
    staff_id: int,
    *,
    n_letters: int,
    now: dt.datetime,
    languages: Sequence[str] = (),
) -> str:
    """Store that somebody wants a campaign's letters; while a run waits there is no second.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    campaign_id : int
        Whose letters.
    staff_id : int
        The only person who will be able to open them.
    n_letters : int
        How many there are now.
    now : datetime
        From then on they are kept for a day.
    languages : sequence of str
        Each letter in all of these; empty: in the language of the person it goes to.

    Returns
    -------
    str
        The run's id, which nobody can guess.
    """
    mine = (LetterRun.campaign_id == campaign_id, LetterRun.staff_id == staff_id)
    waits = sa.select(LetterRun.id).where(*mine, LetterRun.state == DocumentState.WAITING)
    known = session.scalar(waits.limit(1))
    if known is not None:
        return known
    made = LetterRun(
        id=secrets.token_urlsafe(16),
        campaign_id=campaign_id,
        staff_id=staff_id,
        state=DocumentState.WAITING,
        n_letters=n_letters,
        languages="+".join(languages),
        asked_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def of_person(session: Session, campaign_id: int, staff_id: int, *, now: dt.datetime) -> list[LetterRun]:
    """List somebody's runs of a campaign.

    Parameters
    ----------
    session : Session
        A reading session.
    campaign_id : int
        Whose letters.
    staff_id : int
        Who asked for them.
    now : datetime
        After a day they are gone.

    Returns
    -------
    list of LetterRun
        The newest first.
    """
    mine = sa.select(LetterRun).where(
        LetterRun.campaign_id == campaign_id,
        LetterRun.staff_id == staff_id,
        LetterRun.asked_at > now - KEPT,
    )
    return list(session.scalars(mine.order_by(LetterRun.asked_at.desc(), LetterRun.id)))


def take(session: Session, *, now: dt.datetime) -> LetterRun | None:
    """Take up the oldest run that nobody is at.

    Parameters
    ----------
    session : Session
        The worker's transaction.
    now : datetime
        For ten minutes no other worker takes it.

    Returns
    -------
    LetterRun or None
        None where there is nothing to do.
    """
    free = sa.or_(LetterRun.begun_at.is_(None), LetterRun.begun_at < now - PATIENCE)
    query = sa.select(LetterRun).where(LetterRun.state == DocumentState.WAITING, free)
    found = session.scalars(query.order_by(LetterRun.asked_at).limit(1).with_for_update(skip_locked=True))
    run = found.first()
    if run is not None:
        run.begun_at = now
    return run


def any_waiting(session: Session) -> bool:
    """Tell whether there are letters to print.

    Parameters
    ----------
    session : Session
        A reading session.

    Returns
    -------
    bool
        A cheap look, for workers that ask often.
    """
    query = sa.select(LetterRun.id).where(LetterRun.state == DocumentState.WAITING).limit(1)
    return session.connection().execute(query).scalar() is not None


def finish(session: Session, run_id: str, made: bytes | DocumentState, n_letters: int, *, keys: Keys) -> None:
    """Keep the letters sealed, or note that they were not made.

    Parameters
    ----------
    session : Session
        The worker's transaction.
    run_id : str
        Which run.
    made : bytes or DocumentState
        The PDF, or why there is none.
    n_letters : int
        How many letters were printed.
    keys : Keys
        The contact key closes what carries addresses and opens surveys.
    """
    changed: dict[str, object] = {"state": made, "n_letters": n_letters}
    if isinstance(made, bytes):
        sealed = seal(keys.contact, base64.b64encode(made).decode(), bound_to=f"letters:{run_id}")
        changed = {"state": DocumentState.READY, "sealed": sealed, "n_letters": n_letters}
    session.execute(sa.update(LetterRun).where(LetterRun.id == run_id).values(**changed))


def content(run: LetterRun, keys: Keys) -> bytes | None:
    """Open the letters of a run.

    Parameters
    ----------
    run : LetterRun
        Of the person who asks.
    keys : Keys
        The contact key opens them.

    Returns
    -------
    bytes or None
        The PDF; None while there is none.
    """
    if run.sealed is None:
        return None
    return base64.b64decode(unseal(keys.contact, run.sealed, bound_to=f"letters:{run.id}"))

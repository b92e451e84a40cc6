"""Documents asked for, made and let go: each belongs to one person, and to nobody a day later."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn
from survey_app.database import insert_or_ignore
from survey_app.show.charts.documents.tables import Document, DocumentState, LetterRun

KEPT = dt.timedelta(hours=24)
LONGEST = 4_000_000
"""Letters of HTML; three years of weeks with their picture are a tenth of it."""
MOST_WAITING = 5
"""A person's unfinished documents: one who asks faster than workers print must not keep others waiting."""
PATIENCE = dt.timedelta(seconds=60)
"""After so long a document is taken up again: the worker that had it has ended."""
MOST_TRIES = 3


class TooMuch(ValueError):
    """A document that is too large, or one too many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed.

    Attributes
    ----------
    title : str
        Names the document for people.
    file_name : str
        Under which it is downloaded, without an ending.
    back : str
        Address of the page it shows.
    html : str
        All of it: pictures inside, nothing to be fetched but the style sheet of documents.
    """

    title: str
    file_name: str
    back: str
    html: str


def ask(session: Session, reader: SignedIn, wanted: Wanted, *, now: dt.datetime) -> str:
    """Store what somebody wants printed; the same again is the same document.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    reader : SignedIn
        The only person who will be able to open it, and only as long as they may see the same places.
    wanted : Wanted
        What is to be printed.
    now : datetime
        From then on it is kept for a day.

    Returns
    -------
    str
        The document's id, which nobody can guess.

    Raises
    ------
    TooMuch
        Where it is too long, or where too many of this person's are unfinished.
    """
    if len(wanted.html) > LONGEST:
        raise TooMuch(f"expected at most {LONGEST} letters of HTML, found {len(wanted.html)}")
    staff_id = reader.staff_id
    stamp = _scope(reader) + _short(f"{wanted.title}\n{wanted.html}", 48)
    mine = sa.and_(Document.staff_id == staff_id, Document.stamp == stamp)
    # One that failed, or that is about to go, is asked for afresh.
    stale = sa.or_(
        Document.state.in_([DocumentState.FAILED, DocumentState.UNAVAILABLE]),
        Document.asked_at < now - KEPT / 2,
    )
    session.execute(sa.delete(Document).where(mine, stale))
    if (
        session.scalar(sa.select(Document.id).where(mine)) is None
        and _n_waiting(session, staff_id) >= MOST_WAITING
    ):
        raise TooMuch(f"expected at most {MOST_WAITING} documents that wait to be made")
    row = {
        "id": secrets.token_urlsafe(16),
        "staff_id": staff_id,
        "stamp": stamp,
        "title": wanted.title,
        "file_name": wanted.file_name,
        "back": wanted.back,
        "html": wanted.html,
        "state": DocumentState.WAITING,
        "n_tries": 0,
        "asked_at": now,
    }
    insert_or_ignore(session, Document, [row])
    return session.scalars(sa.select(Document.id).where(mine)).one()


def of_person(session: Session, document_id: str, reader: SignedIn, *, now: dt.datetime) -> Document | None:
    """Return a document to the person who asked for it.

    Parameters
    ----------
    session : Session
        A reading session.
    document_id : str
        Which one.
    reader : SignedIn
        Who wants to open it.
    now : datetime
        After a day it is gone, whether or not the nightly run has been there.

    Returns
    -------
    Document or None
        None for somebody else's as for one that never was; None also where the places that the reader may
        see are not those from when it was asked for.
    """
    query = sa.select(Document).where(
        Document.id == document_id,
        Document.staff_id == reader.staff_id,
        Document.stamp.startswith(_scope(reader)),
        Document.asked_at > now - KEPT,
    )
    return session.scalars(query).first()


def any_waiting(session: Session) -> bool:
    """Tell whether there is something to print.

    Parameters
    ----------
    session : Session
        A reading session.

    Returns
    -------
    bool
        A cheap look, for workers that ask often.
    """
    query = sa.select(Document.id).where(Document.state == DocumentState.WAITING).limit(1)
    return session.connection().execute(query).scalar() is not None


def take(session: Session, *, now: dt.datetime) -> Document | None:
    """Take up the oldest document that nobody is at.

    Parameters
    ----------
    session : Session
        The worker's transaction.
    now : datetime
        Until a minute later no other worker takes it.

    Returns
    -------
    Document or None
        None where there is nothing to do; one that ended three workers is given up.
    """
    free = sa.or_(Document.begun_at.is_(None), Document.begun_at < now - PATIENCE)
    query = (
        sa.select(Document)
        .where(Document.state == DocumentState.WAITING, free)
        .order_by(Document.asked_at, Document.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(query).first()
    if found is None:
        return None
    if found.n_tries >= MOST_TRIES:
        found.state = DocumentState.FAILED
        return None
    found.n_tries += 1
    found.begun_at = now
    return found


def finish(session: Session, document_id: str, content: bytes) -> None:
    """Keep a PDF, and let go of what it was made from.

    Parameters
    ----------
    session : Session
        The worker's transaction.
    document_id : str
        Which document.
    content : bytes
        The PDF.
    """
    _settle(session, document_id, state=DocumentState.READY, content=content, html="")


def give_up(session: Session, document_id: str, state: DocumentState) -> None:
    """Note that a document will not be made.

    Parameters
    ----------
    session : Session
        The worker's transaction.
    document_id : str
        Which document.
    state : DocumentState
        Why: it failed, or this installation cannot make any.
    """
    _settle(session, document_id, state=state, html="")


def let_go(session: Session, *, before: dt.datetime) -> int:
    """Delete documents, and letters printed together, asked for before an instant.

    Parameters
    ----------
    session : Session
        The nightly run's transaction.
    before : datetime
        The youngest that goes is older than this.

    Returns
    -------
    int
        How many documents went.
    """
    session.execute(sa.delete(LetterRun).where(LetterRun.asked_at < before))
    gone = session.scalars(sa.delete(Document).where(Document.asked_at < before).returning(Document.id))
    return len(gone.all())


def _scope(reader: SignedIn) -> str:
    return _short("\n".join(reader.paths), 16)


def _short(text: str, n_letters: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:n_letters]


def _settle(session: Session, document_id: str, **changed: object) -> None:
    waiting = sa.and_(Document.id == document_id, Document.state == DocumentState.WAITING)
    session.execute(sa.update(Document).where(waiting).values(**changed))


def _n_waiting(session: Session, staff_id: int) -> int:
    waiting = sa.and_(Document.staff_id == staff_id, Document.state == DocumentState.WAITING)
    return session.scalar(sa.select(sa.func.count()).where(waiting)) or 0

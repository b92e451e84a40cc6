"""Browsers somebody signed in with: a stranger's wrong guesses lock out strangers, not the owner."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.tables import KnownBrowser
from survey_app.crypto import Keys, keyed_hash

KNOWN_FOR = dt.timedelta(days=365)
FREE_FAILURES = 10
"""After so many wrong tries since the last right one a known browser is nobody special."""


def is_known(session: Session, staff_id: int, browser: str, *, keys: Keys) -> bool:
    """Tell whether somebody signed in with this browser before and has tries left on it."""
    good = sa.and_(_of(staff_id, browser, keys), KnownBrowser.failures < FREE_FAILURES)
    return bool(browser) and bool(session.scalar(sa.select(sa.exists().where(good))))


def count_failure(session: Session, staff_id: int, browser: str, *, keys: Keys) -> bool:
    """Count a wrong try on a known browser; False where it is not known, and the account must count it."""
    good = sa.and_(_of(staff_id, browser, keys), KnownBrowser.failures < FREE_FAILURES)
    counted = sa.update(KnownBrowser).where(good).values(failures=KnownBrowser.failures + 1)
    return session.execute(counted.returning(KnownBrowser.staff_id)).first() is not None


def remember(session: Session, staff_id: int, browser: str, *, now: dt.datetime, keys: Keys) -> str:
    """Know a browser after a full sign-in, and return its cookie: the one it has, or a new one."""
    session.execute(sa.delete(KnownBrowser).where(KnownBrowser.known_at < now - KNOWN_FOR))
    forgiven = sa.update(KnownBrowser).where(_of(staff_id, browser, keys)).values(failures=0, known_at=now)
    if browser and session.execute(forgiven.returning(KnownBrowser.staff_id)).first() is not None:
        return browser
    fresh = secrets.token_urlsafe(32)
    session.add(KnownBrowser(token_hash=_hash(keys, fresh), staff_id=staff_id, failures=0, known_at=now))
    session.flush()
    return fresh


def _of(staff_id: int, browser: str, keys: Keys) -> sa.ColumnElement[bool]:
    return sa.and_(KnownBrowser.token_hash == _hash(keys, browser), KnownBrowser.staff_id == staff_id)


def _hash(keys: Keys, browser: str) -> bytes:
    return keyed_hash(keys.session, "known-browser", browser)

"""Signing in and out: one answer for every wrong try, sessions that end by themselves."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.factor import has_factor, takes
from survey_app.accounts.known_browsers import count_failure, is_known
from survey_app.accounts.passkeys import passkeys
from survey_app.accounts.passkeys.passkeys import Site
from survey_app.accounts.password import matches
from survey_app.accounts.scope import Granted, SignedIn
from survey_app.accounts.staff import end_sessions, tidy_email
from survey_app.accounts.tables import Grant, Staff, StaffSession
from survey_app.crypto import Keys, keyed_hash
from survey_app.database import insert_or_ignore

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
CODE_WITHIN = dt.timedelta(minutes=10)
FREE_FAILURES = 10
FIRST_LOCK = dt.timedelta(minutes=1)
LONGEST_LOCK = dt.timedelta(hours=1)
# Built once: every page of staff begins with it.
BY_SESSION = (
    sa.select(Staff.id, Staff.name, Staff.email, Grant.role, Grant.place_path, StaffSession.seen_at)
    .join_from(Staff, StaffSession, StaffSession.staff_id == Staff.id)
    .join(Grant, Grant.staff_id == Staff.id, isouter=True)
    .where(StaffSession.token_hash == sa.bindparam("digest"), Staff.active, ~StaffSession.waits_for_code)
    .where(StaffSession.seen_at > sa.bindparam("idle"), StaffSession.created_at > sa.bindparam("opened"))
    .order_by(Grant.place_path, Grant.role)
)
SEEN_EVERY = dt.timedelta(minutes=1)
"""A page view writes only when the last one is a minute old: readers must not queue for the one writer."""


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know before the slow part."""

    staff_id: int | None
    password_hash: str | None
    is_locked: bool = False  # for strangers; the browser at hand is known


def find_account(
    session: Session, email: str, *, now: dt.datetime, keys: Keys | None = None, browser: str = ""
) -> Account:
    """Return the account that may be tried now; a locked, closed or unknown one looks like nobody's."""
    # PostgreSQL takes no NUL in a text, and nobody's address has one.
    known = Staff.email == tidy_email(email.replace("\x00", "?"))
    person = session.scalars(sa.select(Staff).where(known)).one_or_none()
    if person is None or not person.active:
        return Account(None, None)
    is_locked = person.locked_until is not None and now < person.locked_until
    if is_locked and not (keys and is_known(session, person.id, browser, keys=keys)):
        return Account(None, None)
    return Account(person.id, person.password_hash, is_locked)


def sign_in(session: Session, email: str, password: str, *, now: dt.datetime, keys: Keys) -> str | None:
    """Check a password and open a session; return its token, or None for every kind of wrong try.

    The slow check holds the transaction: doors use `find_account`, `matches` and `finish` to keep it outside.
    """
    account = find_account(session, email, now=now)
    return finish(session, account, fits=matches(account.password_hash, password), now=now, keys=keys)


def finish(
    session: Session, account: Account, *, fits: bool, now: dt.datetime, keys: Keys, browser: str = ""
) -> str | None:
    """Count a failure, or open a session with a new token."""
    if account.staff_id is None or not fits:
        # Nobody's failure is counted too, in vain: the time taken must not tell which addresses exist.
        if not count_failure(session, account.staff_id or 0, browser, keys=keys):
            _count_failure(session, account.staff_id or 0, now)
        return None
    still = sa.and_(Staff.id == account.staff_id, Staff.active, Staff.password_hash == account.password_hash)
    if session.execute(sa.select(Staff.id).where(still).with_for_update()).first() is None:
        return None
    session.execute(sa.delete(StaffSession).where(StaffSession.created_at < now - ABSOLUTE))
    if has_factor(session, account.staff_id):
        # A password alone does not give back the tries that wrong codes have used up.
        return _opened(session, account.staff_id, now=now, keys=keys, waits_for_code=True)
    if account.is_locked:
        # Its owner is in; for the stranger who guesses the lock goes on.
        return _opened(session, account.staff_id, now=now, keys=keys, waits_for_code=False)
    return open_session(session, account.staff_id, now=now, keys=keys)


def let_in(session: Session, staff_id: int, *, now: dt.datetime, keys: Keys, asks_code: bool) -> str:
    """Open a session for somebody whom a provider has vouched for; a code is asked where one is set up."""
    if asks_code and has_factor(session, staff_id):
        return _opened(session, staff_id, now=now, keys=keys, waits_for_code=True)
    return open_session(session, staff_id, now=now, keys=keys)


def waiting_for_code(
    session: Session, token: str, *, now: dt.datetime, keys: Keys, browser: str = ""
) -> int | None:
    """Return who has given a password and owes a code; None for anything else."""
    mine = sa.and_(StaffSession.token_hash == _hash(keys, token), StaffSession.waits_for_code)
    query = (
        sa.select(Staff.id, Staff.locked_until)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(mine, Staff.active, StaffSession.created_at > now - CODE_WITHIN)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    staff_id, locked_until = found
    is_open = locked_until is None or locked_until <= now
    return staff_id if is_open or is_known(session, staff_id, browser, keys=keys) else None


def give_code(
    session: Session, token: str, code: str, *, now: dt.datetime, keys: Keys, browser: str = ""
) -> str | None:
    """Take the code that a session waits for; return a new token, or None: wrong codes count as failures."""

    def fits(staff_id: int) -> bool:
        return takes(session, staff_id, code, keys=keys, now=now)

    return _proved_again(session, token, fits, now=now, keys=keys, browser=browser)


def give_passkey(
    session: Session, site: Site, reply: str, *, now: dt.datetime, browser: str = ""
) -> str | None:
    """Take a passkey in place of the code; one that does not fit counts as a wrong code does."""

    def fits(staff_id: int) -> bool:
        return passkeys.fits(session, site, staff_id, reply, now=now)

    return _proved_again(session, site.token, fits, now=now, keys=site.keys, browser=browser)


def _proved_again(
    session: Session,
    token: str,
    fits: Callable[[int], bool],
    *,
    now: dt.datetime,
    keys: Keys,
    browser: str,
) -> str | None:
    staff_id = waiting_for_code(session, token, now=now, keys=keys, browser=browser)
    if staff_id is None:
        return None
    if not fits(staff_id):
        if not count_failure(session, staff_id, browser, keys=keys):
            _count_failure(session, staff_id, now)
        return None
    sign_out(session, token, keys=keys)
    return open_session(session, staff_id, now=now, keys=keys)


def open_session(session: Session, staff_id: int, *, now: dt.datetime, keys: Keys) -> str:
    """Open a session for somebody who has proved who they are, and return its token."""
    fresh = {"failures": 0, "locked_until": None, "signed_in_at": now}
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(**fresh))
    return _opened(session, staff_id, now=now, keys=keys, waits_for_code=False)


def renew(session: Session, token: str, *, now: dt.datetime, keys: Keys) -> str | None:
    """Give a session another token, end all others of its person, and return the token; None where it ended.

    It grows no younger: who renews it again and again is signed out as late as anybody.
    """
    mine = StaffSession.token_hash == _hash(keys, token)
    query = sa.select(StaffSession.staff_id, StaffSession.created_at).where(
        mine, ~StaffSession.waits_for_code
    )
    found = session.execute(query.with_for_update()).one_or_none()
    if found is None:
        return None
    end_sessions(session, found.staff_id)
    opened = _opened(session, found.staff_id, now=now, keys=keys, waits_for_code=False)
    same_age = sa.update(StaffSession).where(StaffSession.token_hash == _hash(keys, opened))
    session.execute(same_age.values(created_at=found.created_at))
    return opened


def _opened(session: Session, staff_id: int, *, now: dt.datetime, keys: Keys, waits_for_code: bool) -> str:
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(keys, token), "staff_id": staff_id, "created_at": now, "seen_at": now}
    insert_or_ignore(session, StaffSession, [row | {"waits_for_code": waits_for_code}])
    return token


def _count_failure(session: Session, staff_id: int, now: dt.datetime) -> None:
    counted = sa.update(Staff).where(Staff.id == staff_id).values(failures=Staff.failures + 1)
    failures = session.execute(counted.returning(Staff.failures)).scalar()
    if failures is not None and failures >= FREE_FAILURES:
        lock = min(FIRST_LOCK * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_LOCK)
        session.execute(sa.update(Staff).where(Staff.id == staff_id).values(locked_until=now + lock))


def who(session: Session, token: str, *, now: dt.datetime, keys: Keys) -> SignedIn | None:
    """Return whose session a token is, with today's roles; None where it ended."""
    return who_and_since(session, token, now=now, keys=keys)[0]


def who_and_since(
    session: Session, token: str, *, now: dt.datetime, keys: Keys
) -> tuple[SignedIn | None, dt.datetime]:
    """Return the same, and when it was last noted that the session is in use."""
    asked = {"digest": _hash(keys, token), "idle": now - IDLE, "opened": now - ABSOLUTE}
    rows = session.connection().execute(BY_SESSION, asked).all()
    if not rows:
        return None, now
    staff_id, name, email, _, _, seen_at = rows[0]
    grants = tuple(Granted(row.role, row.place_path) for row in rows if row.role is not None)
    return SignedIn(staff_id, name, email, grants), seen_at


def holder(session: Session, token: str, *, keys: Keys) -> int | None:
    """Return whose session a token just opened; None while it waits for a code."""
    mine = sa.and_(StaffSession.token_hash == _hash(keys, token), ~StaffSession.waits_for_code)
    return session.scalar(sa.select(StaffSession.staff_id).where(mine))


def opened_since(session: Session, token: str, since: dt.datetime, *, keys: Keys) -> bool:
    """Tell whether a session was opened after an instant."""
    mine = sa.and_(StaffSession.token_hash == _hash(keys, token), StaffSession.created_at > since)
    return bool(session.scalar(sa.select(sa.exists().where(mine))))


def touch(session: Session, token: str, *, now: dt.datetime, keys: Keys) -> None:
    """Note that a session is in use."""
    mine = StaffSession.token_hash == _hash(keys, token)
    session.execute(sa.update(StaffSession).where(mine).values(seen_at=now))


def sign_out(session: Session, token: str, *, keys: Keys) -> None:
    """End one session."""
    session.execute(sa.delete(StaffSession).where(StaffSession.token_hash == _hash(keys, token)))


def _hash(keys: Keys, token: str) -> bytes:
    return keyed_hash(keys.session, "staff-session", token)

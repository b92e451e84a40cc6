"""Staff: made, given roles, given another password, deactivated; deactivating signs out everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.passkeys.passkeys import remove_all
from survey_app.accounts.password import hash_password, refuse_weak
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import (
    Grant,
    KnownBrowser,
    PassKind,
    RecoveryCode,
    Role,
    Staff,
    StaffFactor,
    StaffPass,
    StaffSession,
)
from survey_app.accounts.tokens import tokens
from survey_app.database import insert_or_ignore


class BadStaff(ValueError):
    """A member of staff that cannot be made; the message says what was expected."""


def tidy_email(email: str) -> str:
    """Return an e-mail address as accounts know it: without spaces around it, in small letters."""
    return email.strip().lower()


def is_email(email: str) -> bool:
    """Tell whether a tidied address can be one: what follows it in a header must not be ours to write."""
    return 3 <= len(email) <= 254 and "@" in email[1:-1] and email.isprintable() and " " not in email


def create(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    grants: Iterable[tuple[Role, str]],
    now: dt.datetime,
) -> Staff:
    """Add a member of staff; an address that is taken, a weak password or a missing name is refused."""
    email = tidy_email(email)
    if not is_email(email) or not 1 <= len(name.strip()) <= 120 or not name.isprintable():
        raise BadStaff("expected an e-mail address and a name of at most 120 characters")
    refuse_weak(password, email=email)
    row = {
        "email": email,
        "name": name.strip(),
        "password_hash": hash_password(password),
        "active": True,
        "failures": 0,
        "created_at": now,
    }
    if not insert_or_ignore(session, Staff, [row]):
        raise BadStaff(f"there is already somebody with the address {email}")
    person = session.scalars(sa.select(Staff).where(Staff.email == email)).one()
    for role, place_path in grants:
        grant(session, person.id, Granted(role, place_path))
    return person


def grant(session: Session, staff_id: int, granted: Granted) -> None:
    """Give a role at a place; twice is once."""
    if not (granted.place_path.startswith("/") and granted.place_path.endswith("/")):
        raise BadStaff(f"expected a place path such as /system/place/, not {granted.place_path!r}")
    row = {"staff_id": staff_id, "role": granted.role, "place_path": granted.place_path}
    insert_or_ignore(session, Grant, [row])


def follow_move(session: Session, before: str, after: str) -> None:
    """Let roles, invitations and tokens at or below a path that changed stay with their place."""
    for found in session.scalars(
        sa.select(Grant).where(Grant.place_path.startswith(before, autoescape=True))
    ):
        found.place_path = after + found.place_path.removeprefix(before)
    for link in session.scalars(
        sa.select(StaffPass).where(StaffPass.place_path.startswith(before, autoescape=True))
    ):
        link.place_path = after + (link.place_path or "").removeprefix(before)
    tokens.follow_move(session, before, after)


def deactivate(session: Session, staff_id: int) -> None:
    """Close an account and end all its sessions."""
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(active=False))
    _drop_resets(session, staff_id)
    end_sessions(session, staff_id)


def reopen(session: Session, staff_id: int) -> None:
    """Let somebody whose account was closed sign in again, with the roles they still have."""
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(active=True))
    unlock(session, staff_id)


def unlock(session: Session, staff_id: int) -> None:
    """Let somebody try at once who was locked out by wrong passwords."""
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(failures=0, locked_until=None))


def change_password(session: Session, staff_id: int, password: str, *, product: str = "") -> None:
    """Set a new password and end all sessions that the old one opened."""
    person = session.get_one(Staff, staff_id)
    refuse_weak(password, email=person.email, product=product)
    fresh = {"password_hash": hash_password(password), "failures": 0, "locked_until": None}
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(**fresh))
    # Whoever knew the old one may have made a browser known.
    session.execute(sa.delete(KnownBrowser).where(KnownBrowser.staff_id == staff_id))
    _drop_resets(session, staff_id)
    end_sessions(session, staff_id)


def forget_factor(session: Session, email: str) -> int | None:
    """Take somebody's second factor away and end their sessions; return who that was."""
    staff_id = session.scalar(sa.select(Staff.id).where(Staff.email == tidy_email(email)))
    if staff_id is not None:
        drop_factor(session, staff_id)
    return staff_id


def drop_factor(session: Session, staff_id: int) -> None:
    """Take somebody's second factor away and end their sessions."""
    for table in (RecoveryCode, StaffFactor):
        session.execute(sa.delete(table).where(table.staff_id == staff_id))
    remove_all(session, staff_id)
    end_sessions(session, staff_id)


def end_sessions(session: Session, staff_id: int) -> None:
    """Sign somebody out everywhere."""
    session.execute(sa.delete(StaffSession).where(StaffSession.staff_id == staff_id))


def _drop_resets(session: Session, staff_id: int) -> None:
    # A link that somebody else asked for must not outlive the password it was to replace.
    theirs = StaffPass.email == sa.select(Staff.email).where(Staff.id == staff_id).scalar_subquery()
    unused = sa.and_(StaffPass.kind == PassKind.RESET, StaffPass.used_at.is_(None))
    session.execute(sa.delete(StaffPass).where(theirs, unused))

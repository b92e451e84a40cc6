"""Links sent by e-mail: an invitation to a role, or another password; bound to an address, good once."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.managing import NotAllowed, may_give, standing_of
from survey_app.accounts.password import hash_password, refuse_weak
from survey_app.accounts.proofs import Proof
from survey_app.accounts.scope import Granted, SignedIn
from survey_app.accounts.staff import (
    BadStaff,
    change_password,
    create,
    end_sessions,
    grant,
    is_email,
    tidy_email,
)
from survey_app.accounts.tables import PassKind, Staff, StaffPass
from survey_app.crypto import Keys, keyed_hash

GOOD_FOR = {PassKind.INVITATION: dt.timedelta(hours=48), PassKind.RESET: dt.timedelta(hours=1)}
KEPT = dt.timedelta(days=30)
MOST_FAILURES = 5
"""A link that reached somebody else must not let them guess whose it is."""


def invite(
    session: Session, giver: SignedIn, email: str, granted: Granted, *, keys: Keys, now: dt.datetime
) -> str:
    """Return the secret of a new invitation; an older one to the same role there opens nothing any more.

    Whether the address has an account already makes no difference here, so that nobody can find out.
    """
    email = tidy_email(email)
    if not may_give(giver, granted):
        raise NotAllowed("expected a role and a place within the reach of whoever invites")
    if not is_email(email):
        raise BadStaff("Enter an e-mail address, for example name@example.org")
    same = {"kind": PassKind.INVITATION, "email": email, "role": granted.role}
    older = sa.delete(StaffPass).filter_by(**same, place_path=granted.place_path, used_at=None)
    session.execute(older)
    return _made(session, StaffPass(**same, place_path=granted.place_path, made_by=giver.staff_id), keys, now)


def offer_reset(session: Session, email: str, *, keys: Keys, now: dt.datetime) -> str | None:
    """Return the secret of a link to another password; None for nobody's address and for a closed account."""
    email = tidy_email(email.replace("\x00", "?"))
    known = sa.select(Staff.id).where(Staff.email == email, Staff.active)
    if session.scalar(known) is None:
        return None
    session.execute(sa.delete(StaffPass).filter_by(kind=PassKind.RESET, email=email, used_at=None))
    return _made(session, StaffPass(kind=PassKind.RESET, email=email), keys, now)


def find(session: Session, token: str, kind: PassKind, *, keys: Keys, now: dt.datetime) -> StaffPass | None:
    """Return what a secret opens; None where it is unknown, used, too old or was tried too often."""
    mine = sa.select(StaffPass).where(
        StaffPass.token_hash == _hash(keys, token), StaffPass.kind == kind, StaffPass.used_at.is_(None)
    )
    good = mine.where(StaffPass.expires_at > now, StaffPass.failures < MOST_FAILURES)
    return session.scalars(good).one_or_none()


def join(
    session: Session, link: StaffPass | None, email: str, name: str, proof: Proof, *, now: dt.datetime
) -> int | None:
    """Take an invitation up and return who did; None is the one answer to everything that does not fit.

    Somebody who signs in already proves it, and gets the role beside those they have.
    """
    granted = _offered(session, link)
    if link is None or granted is None:
        proof.fits(None)  # as slow as a link that is good
        return None
    known = session.scalars(sa.select(Staff).where(Staff.email == link.email)).one_or_none()
    proved = proof.fits(known)  # slow, whoever it is
    fits = known is None or (proved and known.active)
    if tidy_email(email) != link.email or not fits:
        _failed(session, link)
        return None
    if known is None:
        first = proof.first_password()
        known = create(session, email=link.email, name=name, password=first, grants=(), now=now)
    if not _use(session, link, now):
        return None
    grant(session, known.id, granted)
    end_sessions(session, known.id)
    return known.id


def reset(
    session: Session, link: StaffPass | None, email: str, password: str, *, now: dt.datetime
) -> int | None:
    """Set another password and return whose; None is the one answer to everything that does not fit."""
    known = None
    if link is not None:
        known = session.scalar(sa.select(Staff.id).where(Staff.email == link.email, Staff.active))
        if known is not None and tidy_email(email) == link.email:
            refuse_weak(password, email=link.email)
            if not _use(session, link, now):
                return None
            change_password(session, known, password)
            return known
        _failed(session, link)
    hash_password(password[:256])
    return None


def open_invitations(session: Session, *, now: dt.datetime) -> list[StaffPass]:
    """Return the invitations that can still be taken up, the newest first."""
    invited = StaffPass.kind == PassKind.INVITATION
    waiting = sa.and_(invited, StaffPass.used_at.is_(None), StaffPass.expires_at > now)
    return list(session.scalars(sa.select(StaffPass).where(waiting).order_by(StaffPass.id.desc())))


def take_back(session: Session, pass_id: int) -> None:
    """Let an invitation open nothing any more."""
    session.execute(sa.delete(StaffPass).where(StaffPass.id == pass_id))


def _made(session: Session, link: StaffPass, keys: Keys, now: dt.datetime) -> str:
    session.execute(sa.delete(StaffPass).where(StaffPass.expires_at < now - KEPT))
    token = secrets.token_urlsafe(24)
    link.token_hash, link.made_at, link.expires_at = _hash(keys, token), now, now + GOOD_FOR[link.kind]
    session.add(link)
    session.flush()
    return token


def _offered(session: Session, link: StaffPass | None) -> Granted | None:
    """Return what an invitation gives; None once whoever made it may not give that any more."""
    if link is None or link.role is None or link.place_path is None or link.made_by is None:
        return None
    granted, giver = Granted(link.role, link.place_path), standing_of(session, link.made_by)
    return granted if giver is not None and may_give(giver, granted) else None


def _use(session: Session, link: StaffPass, now: dt.datetime) -> bool:
    unused = sa.and_(StaffPass.id == link.id, StaffPass.used_at.is_(None))
    used = sa.update(StaffPass).where(unused).values(used_at=now).returning(StaffPass.id)
    return session.execute(used).first() is not None


def _failed(session: Session, link: StaffPass) -> None:
    counted = sa.update(StaffPass).where(StaffPass.id == link.id).values(failures=StaffPass.failures + 1)
    session.execute(counted)


def _hash(keys: Keys, token: str) -> bytes:
    return keyed_hash(keys.session, "staff-pass", token)

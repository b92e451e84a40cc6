"""Whose account a statement opens: bound to one subject when first used, and to that one ever after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.keeping import held_alone
from survey_app.accounts.scope import Granted
from survey_app.accounts.single_sign_on.configured import SingleSignOn
from survey_app.accounts.single_sign_on.faults import Refused, Why
from survey_app.accounts.single_sign_on.statement import Stated
from survey_app.accounts.single_sign_on.tables import SsoSubject, SsoUse
from survey_app.accounts.staff import end_sessions, tidy_email
from survey_app.accounts.tables import Grant, Staff
from survey_app.crypto import Keys, keyed_hash
from survey_app.database import insert_or_ignore

USES_KEPT = dt.timedelta(hours=1)
"""Longer than a journey may take: what is forgotten later could not be used again anyway."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a sign-in changed in somebody's roles, and which it kept against the provider; for the trail."""

    changed: str = ""
    kept: str = ""


def use_once(session: Session, nonce: str, *, now: dt.datetime, keys: Keys) -> None:
    """Note that an answer is being used, or raise Refused where it was before."""
    session.execute(sa.delete(SsoUse).where(SsoUse.used_at < now - USES_KEPT))
    row = {"nonce_hash": keyed_hash(keys.session, "sso-nonce", nonce), "used_at": now}
    if not insert_or_ignore(session, SsoUse, [row]):
        raise Refused(Why.USED)


def admitted(session: Session, said: Stated, *, now: dt.datetime) -> Staff:
    """Return whose account this is, binding it at the first time; raise Refused for everybody else."""
    bound = sa.and_(SsoSubject.issuer == said.issuer, SsoSubject.subject == said.subject)
    query = sa.select(Staff).join(SsoSubject, SsoSubject.staff_id == Staff.id).where(bound)
    person = session.scalars(query).one_or_none() or _bind(session, said, now)
    if not person.active:
        raise Refused(Why.UNKNOWN)
    return person


def follow_groups(session: Session, staff_id: int, said: Stated, *, ours: SingleSignOn) -> Followed:
    """Give somebody the roles of their groups and no others, but for those without which a place is lost."""
    if said.groups is None:
        return Followed()
    granted = {granted for group, granted in ours.groups if group in said.groups}
    held = session.scalars(sa.select(Grant).where(Grant.staff_id == staff_id)).all()
    before = {Granted(grant.role, grant.place_path) for grant in held}
    kept = set(held_alone(session, staff_id, [one for one in before if not _is_within(one, granted)]))
    after = granted | kept
    if before == after:
        return Followed(kept=_words("kept", kept))
    for grant in held:
        if Granted(grant.role, grant.place_path) not in after:
            session.delete(grant)
    rows = [{"staff_id": staff_id, "role": role, "place_path": path} for role, path in granted]
    insert_or_ignore(session, Grant, rows)
    end_sessions(session, staff_id)
    changed = " ".join(filter(None, [_words("took", before - after), _words("gave", granted - before)]))
    return Followed(changed, _words("kept", kept))


def unbind(session: Session, email: str) -> int | None:
    """Let another subject open somebody's account, end their sessions, and return who that was."""
    staff_id = session.scalar(sa.select(Staff.id).where(Staff.email == tidy_email(email)))
    if staff_id is not None:
        session.execute(sa.delete(SsoSubject).where(SsoSubject.staff_id == staff_id))
        end_sessions(session, staff_id)
    return staff_id


def _bind(session: Session, said: Stated, now: dt.datetime) -> Staff:
    if not said.email or not said.is_verified:
        raise Refused(Why.UNVERIFIED)
    person = session.scalars(sa.select(Staff).where(Staff.email == said.email, Staff.active)).one_or_none()
    if person is None:
        raise Refused(Why.UNKNOWN)
    row = {"staff_id": person.id, "issuer": said.issuer, "subject": said.subject, "bound_at": now}
    if not insert_or_ignore(session, SsoSubject, [row]):
        # The address is another subject's already: whoever has it now is somebody else.
        raise Refused(Why.UNKNOWN)
    return person


def _is_within(one: Granted, granted: set[Granted]) -> bool:
    return any(one.role is other.role and one.place_path.startswith(other.place_path) for other in granted)


def _words(did: str, roles: set[Granted]) -> str:
    return " ".join(f"{did}={one.role}:{one.place_path}" for one in sorted(roles))

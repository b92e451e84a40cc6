"""Who may change whose account: nobody beyond own places and rank; no place loses its last keeper."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts import staff
from survey_app.accounts.keeping import keep_administrators
from survey_app.accounts.scope import Granted, SignedIn
from survey_app.accounts.tables import Grant, Role, Staff, StaffPass

MAY_GIVE: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Role),
        Role.LEAD: frozenset({Role.TEAM_LEADER, Role.RESPONDER, Role.ANALYST}),
    }
)
"""Which roles each role gives and takes, at its place and below; the others give none."""

RoleDeed = Callable[[Session, Granted], None]


class NotAllowed(ValueError):
    """Somebody tried what their roles do not reach; the message says what was expected."""


def may_give(giver: SignedIn, granted: Granted) -> bool:
    """Tell whether a person may give, and take, one role at one place."""
    return any(
        granted.role in MAY_GIVE.get(own.role, frozenset()) and granted.place_path.startswith(own.place_path)
        for own in giver.grants
    )


def may_manage(giver: SignedIn, staff_id: int, grants: Collection[Granted], *, top: str) -> bool:
    """Tell whether a person may close and open an account: every role of it is theirs to give.

    Nobody closes their own; an account without roles is for administrators of the whole system.
    """
    if giver.staff_id == staff_id:
        return False
    anything = [Granted(Role.ADMINISTRATOR, top)]
    return all(may_give(giver, one) for one in grants or anything)


def standing_of(session: Session, staff_id: int) -> SignedIn | None:
    """Return somebody with today's roles, whether they are signed in or not; None for a closed account."""
    person = session.get(Staff, staff_id, populate_existing=True)
    if person is None or not person.active:
        return None
    held = tuple(Granted(role, path) for role, path in _roles_of(session, staff_id))
    return SignedIn(person.id, person.name, person.email, held)


def add_role(session: Session, giver: SignedIn, staff_id: int, granted: Granted) -> None:
    """Give a role; whoever gets it signs in again."""
    _refuse_own(giver, staff_id)
    if not may_give(giver, granted):
        raise NotAllowed("expected a role and a place within the reach of whoever gives it")
    staff.grant(session, staff_id, granted)
    staff.end_sessions(session, staff_id)


def drop_role(session: Session, giver: SignedIn, staff_id: int, granted: Granted) -> None:
    """Take a role away, end the sessions that had it, and let what its holder offered lapse."""
    _refuse_own(giver, staff_id)
    if not may_give(giver, granted):
        raise NotAllowed("expected a role and a place within the reach of whoever takes it")
    gone = {"staff_id": staff_id, "role": granted.role, "place_path": granted.place_path}
    keep_administrators(session, staff_id, [granted])
    session.execute(sa.delete(Grant).filter_by(**gone))
    _withdraw(session, staff_id)


def close(session: Session, staff_id: int) -> None:
    """Close an account, end its sessions, and let what its holder offered lapse."""
    held = [Granted(role, path) for role, path in _roles_of(session, staff_id)]
    keep_administrators(session, staff_id, held)
    staff.deactivate(session, staff_id)
    _withdraw(session, staff_id)


def _roles_of(session: Session, staff_id: int) -> list[tuple[Role, str]]:
    held = sa.select(Grant.role, Grant.place_path).where(Grant.staff_id == staff_id)
    return [(row.role, row.place_path) for row in session.execute(held)]


def _withdraw(session: Session, staff_id: int) -> None:
    staff.end_sessions(session, staff_id)
    offered = sa.and_(StaffPass.made_by == staff_id, StaffPass.used_at.is_(None))
    session.execute(sa.delete(StaffPass).where(offered))


def _refuse_own(giver: SignedIn, staff_id: int) -> None:
    if giver.staff_id == staff_id:
        raise NotAllowed("expected somebody else: nobody changes their own roles")

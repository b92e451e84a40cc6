"""No place loses its last administrator, whichever way a role or an account goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Grant, Role, Staff


class LastAdministrator(ValueError):
    """A place would be left without an administrator; the message says so."""


def keep_administrators(session: Session, staff_id: int, lost: Collection[Granted]) -> None:
    """Raise LastAdministrator if nobody else who may sign in would reach the places of these roles."""
    if held_alone(session, staff_id, lost):
        raise LastAdministrator("Nobody else is administrator there. Make somebody else one first")


def held_alone(session: Session, staff_id: int, roles: Collection[Granted]) -> list[Granted]:
    """Return those of somebody's administrator roles whose places no other active administrator reaches."""
    ruling = [one for one in roles if one.role is Role.ADMINISTRATOR]
    if not ruling:
        return []
    keeps = sa.and_(Grant.role == Role.ADMINISTRATOR, Staff.active)
    # Locked, those of the person too: of two administrators who close each other at once one must wait.
    query = sa.select(Grant.place_path, Grant.staff_id).join(Staff, Staff.id == Grant.staff_id).where(keeps)
    rows = session.execute(query.order_by(Staff.id, Grant.id).with_for_update()).all()
    others = [path for path, holder in rows if holder != staff_id]
    return [one for one in ruling if not any(one.place_path.startswith(path) for path in others)]


def administrators(session: Session) -> Sequence[str]:
    """Return the addresses of everybody active who is an administrator somewhere."""
    ruling = sa.exists().where(Grant.staff_id == Staff.id, Grant.role == Role.ADMINISTRATOR)
    return session.scalars(sa.select(Staff.email).where(Staff.active, ruling).order_by(Staff.id)).all()

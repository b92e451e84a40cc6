"""Rosters: who is on a team on a day; whoever leaves is kept, with the day, until they are forgotten."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.teams.addresses import Contact, sealed
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.crypto import Keys
from survey_app.database import upsert_all


def put_on(session: Session, team_id: str, contacts: Iterable[Contact], *, keys: Keys, day: dt.date) -> None:
    """Put people on a team from a day on; who is on it already gets the name and addresses given now.

    A language stays where none is given.
    """
    known = {one.address_index: one for one in everybody(session, team_id)}
    rows = []
    for contact in {one.index(keys): one for one in contacts}.values():
        before = known.get(contact.index(keys))
        stayed = before is not None and before.left_on is None
        joined = before.joined_on if before is not None and stayed else day
        language = contact.language or (before.language if before is not None else None)
        row = sealed(keys, team_id, contact) | {"team_id": team_id, "joined_on": joined, "left_on": None}
        rows.append(row | {"language": language})
    upsert_all(session, TeamMember, rows, key=["team_id", "address_index"])
    session.expire_all()


def end(session: Session, team_id: str, member_id: int, *, day: dt.date) -> bool:
    """Let somebody leave a team on a day; tell whether they were on it."""
    return _end(session, day, TeamMember.team_id == team_id, TeamMember.id == member_id) == 1


def end_others(session: Session, team_id: str, staying: Collection[bytes], *, day: dt.date) -> int:
    """Let everybody leave whose address is not among those staying; return how many those were."""
    gone = TeamMember.address_index.not_in(staying)
    return _end(session, day, TeamMember.team_id == team_id, gone)


def everybody(session: Session, team_id: str) -> list[TeamMember]:
    """Return everybody who is or was on a team, those on it now first."""
    found = sa.select(TeamMember).where(TeamMember.team_id == team_id)
    return list(session.scalars(found.order_by(TeamMember.left_on.is_not(None), TeamMember.id)))


def on_teams(session: Session, team_ids: Collection[str], day: dt.date) -> list[TeamMember]:
    """Return who is on some teams on a day; somebody on two of them, by one address, once."""
    found = sa.select(TeamMember).where(TeamMember.team_id.in_(team_ids), on_the_day(day))
    first: dict[bytes, TeamMember] = {}
    for one in session.scalars(found.order_by(TeamMember.id)):
        first.setdefault(one.address_index, one)
    return list(first.values())


def sizes(session: Session, team_ids: Collection[str], day: dt.date) -> dict[str, int]:
    """Return how many people are on each team on a day."""
    counted = sa.select(TeamMember.team_id, sa.func.count()).where(
        TeamMember.team_id.in_(team_ids), on_the_day(day)
    )
    found = session.execute(counted.group_by(TeamMember.team_id)).all()
    return {row[0]: row[1] for row in found}


def on_the_day(day: dt.date) -> sa.ColumnElement[bool]:
    """Return the condition that somebody is on their team on a day."""
    return sa.and_(
        TeamMember.joined_on <= day, sa.or_(TeamMember.left_on.is_(None), TeamMember.left_on > day)
    )


def known_by(session: Session, address_index: bytes) -> list[int]:
    """Return the ids of everybody on any roster who is written to at an address."""
    return list(session.scalars(sa.select(TeamMember.id).where(TeamMember.address_index == address_index)))


def left_before(session: Session, day: dt.date) -> list[int]:
    """Return the ids of people who left before a day and are still readable."""
    found = sa.select(TeamMember.id).where(TeamMember.left_on < day, TeamMember.name_sealed != b"")
    return list(session.scalars(found))


def strip(session: Session, member_ids: Collection[int], *, day: dt.date) -> None:
    """Leave nothing of some people but rows that can be neither read nor found."""
    chosen = sa.select(TeamMember).where(TeamMember.id.in_(member_ids))
    for one in session.scalars(chosen.execution_options(populate_existing=True)):
        one.name_sealed, one.email_sealed, one.phone_sealed = b"", None, None
        one.address_index, one.language = secrets.token_bytes(32), None
        one.left_on = one.left_on or day
    session.flush()


def _end(session: Session, day: dt.date, *which: sa.ColumnElement[bool]) -> int:
    ended = sa.update(TeamMember).where(*which, TeamMember.left_on.is_(None)).values(left_on=day)
    done = session.execute(ended.returning(TeamMember.id).execution_options(synchronize_session=False)).all()
    session.expire_all()
    return len(done)

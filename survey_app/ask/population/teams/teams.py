"""Teams: made at a place, named, set aside."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.places import name_fault
from survey_app.ask.population.tables import Place
from survey_app.ask.population.teams.tables import Team


class BadTeam(ValueError):
    """A team that cannot be made; the message says what was expected."""


def make_team(session: Session, *, name: str, place_id: str) -> Team:
    """Add a team at a place; two teams of one place cannot have the same name."""
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= 120 or name_fault(plain):
        raise BadTeam("enter a name of at most 120 characters")
    same = sa.select(Team.id).where(Team.place_id == place_id, sa.func.lower(Team.name) == plain.lower())
    if session.scalar(same.limit(1)) is not None:
        raise BadTeam(f"there is already a team called {plain} at this place")
    made = Team(id=_id_of(plain), name=plain, place_id=place_id, active=True)
    session.add(made)
    session.flush()
    return made


def team(session: Session, team_id: str) -> Team | None:
    """Return a team by id, or None."""
    return session.get(Team, team_id)


def teams_at(session: Session, place_ids: Collection[str]) -> list[Team]:
    """Return the teams of some places, in the order of their names."""
    found = sa.select(Team).where(Team.place_id.in_(place_ids), Team.active).order_by(Team.name, Team.id)
    return list(session.scalars(found))


def paths_of(session: Session, team_ids: Collection[str]) -> list[str]:
    """Return the place paths of some teams."""
    found = sa.select(Place.path).join(Team, Team.place_id == Place.id).where(Team.id.in_(team_ids))
    return list(session.scalars(found))


def _id_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-")
    return f"{words or 'team'}-{secrets.token_hex(3)}"

"""Whose accounts a person sees, and what they may change: whoever has no role in reach is nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.managing import MAY_GIVE, may_give, may_manage
from survey_app.accounts.passes import open_invitations
from survey_app.accounts.passkeys.tables import Passkey
from survey_app.accounts.scope import Granted, SignedIn, has_role, may_see
from survey_app.accounts.tables import Grant, Role, Staff, StaffFactor, StaffPass
from survey_app.ask.population.places import all_places
from survey_app.ask.population.tables import Place
from survey_app.clock import LONDON
from survey_app.show.pages.accounts.gate import signed_in

ROLES: Mapping[Role, tuple[str, str]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: ("Administrator", "everything at the place, staff accounts too"),
        Role.LEAD: ("Integration lead", "reads figures, sets targets, plans actions, answers alerts"),
        Role.SURVEY_OFFICER: ("Survey officer", "runs surveys, reads figures, answers alerts"),
        Role.TEAM_LEADER: ("Team leader", "keeps rosters, plans waves, reads figures and team reports"),
        Role.RESPONDER: ("Responder", "answers alerts; reads no figures"),
        Role.ANALYST: ("Analyst", "reads and takes away figures"),
        Role.AUDITOR: ("Auditor", "reads the audit trail, nothing else"),
    }
)


@dataclass(frozen=True, slots=True)
class Held:
    """One role of somebody, in words; `mine` where the reader may take it away."""

    granted: Granted
    role: str
    place: str
    place_id: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One account as the reader may see it."""

    staff_id: int
    name: str
    email: str
    active: bool
    locked: bool
    last_seen: str
    has_factor: bool
    roles: tuple[Held, ...]
    elsewhere: bool
    may_manage: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """One invitation that nobody has taken up."""

    id: int
    email: str
    role: str
    place: str
    until: str


class Desk:
    """One person's look at accounts, in one session."""

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self._session = session
        self._now = now
        self.person: SignedIn = signed_in()
        places = all_places(session)
        self._by_path = {place.path: place for place in places}
        self._top = places[0].path if places else "/"

    @property
    def places(self) -> list[Place]:
        """Return the places the reader reaches, parents before children."""
        return [place for place in self._by_path.values() if may_see(self.person, place.path)]

    @property
    def roles(self) -> list[tuple[Role, str, str]]:
        """Return the roles the reader may give somewhere, in words."""
        may = frozenset[Role]().union(*(MAY_GIVE.get(own.role, ()) for own in self.person.grants))
        return [(role, *words) for role, words in ROLES.items() if role in may]

    def granted(self, role: str, place_id: str) -> Granted | None:
        """Return what a form asks for; None where the reader may not give it, or it does not exist."""
        path = next((place.path for place in self.places if place.id == place_id), None)
        named = next((one for one in Role if one == role), None)
        if path is None or named is None or not may_give(self.person, Granted(named, path)):
            return None
        return Granted(named, path)

    def people(self) -> list[Member]:
        """Return every account in reach, by name."""
        members = [self._member(row, held) for row, held in self._all().values() if self._sees(held)]
        return sorted(members, key=lambda one: (not one.active, one.name.casefold(), one.staff_id))

    def member(self, staff_id: int) -> Member:
        """Return one account; one out of reach is answered like one that never was."""
        found = self._all(staff_id).get(staff_id)
        if found is None or not self._sees(found[1]):
            abort(404)
        return self._member(*found)

    def waiting(self) -> list[Waiting]:
        """Return the open invitations that are the reader's to take back."""
        return [self._waiting(link) for link in open_invitations(self._session, now=self._now)
                if self._may_take_back(link)]  # fmt: skip

    def name_of(self, path: str) -> str:
        """Return the name of the place of a path."""
        place = self._by_path.get(path)
        return place.name if place else "a place that is no more"

    def _all(self, staff_id: int | None = None) -> dict[int, tuple[sa.Row[Staff, bool], list[Granted]]]:
        app = sa.exists().where(StaffFactor.staff_id == Staff.id, StaffFactor.confirmed_at.is_not(None))
        factor = sa.or_(app, sa.exists().where(Passkey.staff_id == Staff.id))
        query = sa.select(Staff, factor.label("has_factor")).order_by(Staff.id)
        held = sa.select(Grant).order_by(Grant.place_path, Grant.role)
        if staff_id is not None:
            query, held = query.where(Staff.id == staff_id), held.where(Grant.staff_id == staff_id)
        found: dict[int, tuple[sa.Row[Staff, bool], list[Granted]]] = {
            row[0].id: (row, []) for row in self._session.execute(query)
        }
        for one in self._session.scalars(held):
            found[one.staff_id][1].append(Granted(one.role, one.place_path))
        return found

    def _sees(self, held: list[Granted]) -> bool:
        if not held:
            return has_role(self.person, {Role.ADMINISTRATOR}, self._top)
        return any(may_see(self.person, one.place_path) for one in held)

    def _member(self, row: sa.Row[Staff, bool], held: list[Granted]) -> Member:
        one, within = row[0], [grant for grant in held if may_see(self.person, grant.place_path)]
        seen = one.signed_in_at
        return Member(
            staff_id=one.id,
            name=one.name,
            email=one.email,
            active=one.active,
            locked=one.locked_until is not None and self._now < one.locked_until,
            last_seen=f"{seen.astimezone(LONDON):%d %B %Y}" if seen else "Never",
            has_factor=row[1],
            roles=tuple(self._held(one.id, grant) for grant in within),
            elsewhere=len(within) < len(held),
            may_manage=may_manage(self.person, one.id, held, top=self._top),
        )

    def _held(self, staff_id: int, granted: Granted) -> Held:
        place = self._by_path.get(granted.place_path)
        mine = staff_id != self.person.staff_id and may_give(self.person, granted)
        words, name = ROLES[granted.role][0], self.name_of(granted.place_path)
        return Held(granted, words, name, place.id if place else "", mine)

    def _may_take_back(self, link: StaffPass) -> bool:
        return bool(
            link.role and link.place_path and may_give(self.person, Granted(link.role, link.place_path))
        )

    def _waiting(self, link: StaffPass) -> Waiting:
        role = ROLES[link.role][0] if link.role else ""
        until = f"{link.expires_at.astimezone(LONDON):%d %B, %H:%M}"
        return Waiting(link.id, link.email, role, self.name_of(link.place_path or ""), until)

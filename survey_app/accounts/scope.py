"""Scope: who may see which places, and do what there; a prefix test on paths."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from survey_app.accounts.tables import Role

READING = frozenset(
    {Role.ADMINISTRATOR, Role.LEAD, Role.SURVEY_OFFICER, Role.TEAM_LEADER, Role.ANALYST},
)
"""Whoever holds one of these reads the released figures of their place: no responder, no auditor."""


class Granted(NamedTuple):
    """One role at a place and everything below it."""

    role: Role
    place_path: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in member of staff."""

    staff_id: int
    name: str
    email: str
    grants: tuple[Granted, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the topmost place paths this person may see, each once."""
        paths = sorted({grant.place_path for grant in self.grants})
        return tuple(path for path in paths if not any(path != top and path.startswith(top) for top in paths))


def may_see(signed_in: SignedIn, place_path: str) -> bool:
    """Tell whether any of a person's roles reaches a place."""
    return any(place_path.startswith(grant.place_path) for grant in signed_in.grants)


def only(signed_in: SignedIn, roles: Collection[Role]) -> SignedIn:
    """Return a person with those of their roles alone that count here.

    An auditor of the whole system who leads one place reads the figures of that place, and of no other.
    """
    return replace(signed_in, grants=tuple(grant for grant in signed_in.grants if grant.role in roles))


def has_role(signed_in: SignedIn, roles: Collection[Role], place_path: str | None = None) -> bool:
    """Tell whether a person has one of some roles, at a place where one is named."""
    return any(
        grant.role in roles and (place_path is None or place_path.startswith(grant.place_path))
        for grant in signed_in.grants
    )

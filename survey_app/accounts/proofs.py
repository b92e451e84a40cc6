"""How somebody who takes up an invitation proves that an account is theirs; a new one needs no proof."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from survey_app.accounts.password import matches
from survey_app.accounts.tables import Staff


class Proof(Protocol):
    """One way of proving it, as slow for nobody's account as for somebody's."""

    def fits(self, known: Staff | None) -> bool:
        """Tell whether it proves an account."""

    def first_password(self) -> str:
        """Return the password of an account that is made now."""


@dataclass(frozen=True, slots=True)
class ByPassword:
    """The password of the account, or the one that a new account is to have."""

    password: str

    def fits(self, known: Staff | None) -> bool:
        """Tell whether the password is the account's."""
        return matches(known.password_hash if known else None, self.password)

    def first_password(self) -> str:
        """Return what was typed."""
        return self.password


@dataclass(frozen=True, slots=True)
class ByProvider:
    """Having just signed in through the provider, where no password opens anything; None: nobody has."""

    staff_id: int | None

    def fits(self, known: Staff | None) -> bool:
        """Tell whether it is the account's own session that asks."""
        matches(None, "")  # as slow as making an account
        return known is not None and known.id == self.staff_id

    def first_password(self) -> str:
        """Return one that nobody knows."""
        return secrets.token_urlsafe(32)

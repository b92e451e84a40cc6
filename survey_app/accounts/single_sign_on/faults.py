"""Why somebody is not let in through the provider; people see one page, the log says which."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The reasons for the log; none of them holds anything about the person."""

    STATE = "it was not begun in this browser, or more than ten minutes ago"
    ISSUER = "the answer names another issuer"
    CODE = "the provider does not take the code (used, or too old)"
    TOKEN = "the identity token is not one of ours"  # noqa: S105 - a reason, no secret
    FACTOR = "the claim that SURVEY_SSO_REQUIRED_CLAIM asks for is missing"
    USED = "this answer was used already"
    UNVERIFIED = "the provider does not vouch for the e-mail address"
    UNKNOWN = "no active account belongs to this person"
    GROUPS = "the provider left the groups out because there are too many"


class Refused(Exception):
    """Somebody is not let in."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why.value + (f" ({detail})" if detail else ""))
        self.why = why


class ProviderSilent(Exception):
    """The provider cannot be asked; the message says what operators should look at."""

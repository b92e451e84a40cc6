"""Sign-in with the organisation's own accounts: docs/single-sign-on.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SECURE = re.compile(r"https://.+|http://(127\.0\.0\.1|localhost)(:\d+)?(/.*)?")
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class SecondFactor(StrEnum):
    """Whose second factor counts after single sign-on."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True)
class SingleSignOn:
    """The provider, our registration there, and what its claims mean here."""

    sso_issuer: str
    sso_discovery_url: str
    sso_name: str
    sso_client_id: str
    sso_client_secret: str
    sso_key_file: Path | None
    sso_key_id: str
    sso_key_algorithm: str
    sso_scopes: str
    sso_acr_values: str
    sso_email_claim: str
    sso_verified_claim: str
    sso_required_claim: str
    sso_second_factor: SecondFactor
    sso_only: bool
    sso_groups_claim: str
    sso_group_roles: str


def single_sign_on_faults(settings: SingleSignOn) -> list[str]:
    """Return what is missing or does not fit together, by name."""
    if not settings.sso_issuer:
        needs_it = settings.sso_only or settings.sso_client_id
        return ["SURVEY_SSO_ISSUER is missing: the other SURVEY_SSO_ settings need it"] if needs_it else []
    faults = [
        f"SURVEY_{name.upper()} is missing: SURVEY_SSO_ISSUER needs it"
        for name in ("sso_name", "sso_client_id", "sso_email_claim")
        if not getattr(settings, name)
    ]
    if bool(settings.sso_client_secret) == (settings.sso_key_file is not None):
        faults.append("SURVEY_SSO_CLIENT_SECRET or SURVEY_SSO_KEY_FILE: exactly one of them must be set")
    faults += [
        f"SURVEY_{name.upper()} must start with https:// (http:// only on this machine)"
        for name in ("sso_issuer", "sso_discovery_url")
        if not SECURE.fullmatch(getattr(settings, name) or settings.sso_issuer)
    ]
    return faults + _bad_words(settings)


def _bad_words(settings: SingleSignOn) -> list[str]:
    faults = []
    if "openid" not in settings.sso_scopes.split():
        faults.append("SURVEY_SSO_SCOPES must hold openid")
    if settings.sso_key_algorithm not in SIGNED_BY:
        faults.append(f"SURVEY_SSO_KEY_ALGORITHM must be one of {', '.join(SIGNED_BY)}")
    if settings.sso_required_claim and not re.fullmatch(r"[^=]+=[^=]+", settings.sso_required_claim):
        faults.append("SURVEY_SSO_REQUIRED_CLAIM must be a claim and its values, such as amr=mfa|hwk")
    if bool(settings.sso_groups_claim) != bool(settings.sso_group_roles):
        faults.append("SURVEY_SSO_GROUPS_CLAIM and SURVEY_SSO_GROUP_ROLES go together: set both or neither")
    return faults

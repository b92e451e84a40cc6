"""What the settings say about the provider, read once and checked by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role
from survey_app.settings import BadSetting, SecondFactor, Settings

GROUP = re.compile(r"(?P<group>[^,=]+)=(?P<role>[a-z_]+):(?P<path>/[a-z0-9/-]*/)")
CALLBACK = "/sign-in/sso/callback"
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class ClientKey:
    """The private key with which we prove who we are, instead of a secret (private_key_jwt)."""

    pem: str
    id: str
    algorithm: str

    def __repr__(self) -> str:
        return "ClientKey(...)"


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """One provider, and what we take from it."""

    name: str
    issuer: str
    discovery_url: str
    client_id: str
    secret: str
    key: ClientKey | None
    scopes: str
    acr_values: str
    email_claim: str
    verified_claim: str
    required: tuple[str, frozenset[str]] | None  # a claim and the values of which it must have one
    groups_claim: str
    groups: tuple[tuple[str, Granted], ...]
    callback: str
    asks_our_code: bool

    def __repr__(self) -> str:
        return f"SingleSignOn({self.issuer!r})"


def single_sign_on(settings: Settings) -> SingleSignOn | None:
    """Return what is configured, None where nothing is, or raise BadSetting by name."""
    if not settings.sso_issuer:
        return None
    return SingleSignOn(
        name=settings.sso_name,
        issuer=settings.sso_issuer,
        discovery_url=settings.sso_discovery_url or settings.sso_issuer.rstrip("/") + WELL_KNOWN,
        client_id=settings.sso_client_id,
        secret=settings.sso_client_secret,
        key=_key(settings),
        scopes=settings.sso_scopes,
        acr_values=settings.sso_acr_values,
        email_claim=settings.sso_email_claim,
        verified_claim=settings.sso_verified_claim,
        required=_required(settings.sso_required_claim),
        groups_claim=settings.sso_groups_claim,
        groups=tuple(_groups(settings.sso_group_roles)),
        callback=settings.public_base_url + CALLBACK,
        asks_our_code=settings.sso_second_factor is SecondFactor.OURS,
    )


def _key(settings: Settings) -> ClientKey | None:
    if settings.sso_key_file is None:
        return None
    return ClientKey(_pem(settings.sso_key_file), settings.sso_key_id, settings.sso_key_algorithm)


def _pem(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        text = ""
    if "PRIVATE KEY-----" not in text:
        raise BadSetting(
            f"SURVEY_SSO_KEY_FILE: expected a private key in PEM form that we may read at {path}"
        )
    return text


def _required(text: str) -> tuple[str, frozenset[str]] | None:
    name, _, values = text.partition("=")
    return (name.strip(), frozenset(values.strip().split("|"))) if text else None


def _groups(text: str) -> list[tuple[str, Granted]]:
    found = []
    for row in filter(None, (part.strip() for part in text.split(","))):
        read = GROUP.fullmatch(row)
        if read is None or read["role"] not in set(Role):
            raise BadSetting(
                f"SURVEY_SSO_GROUP_ROLES: expected group=role:/place/path/ with a role of "
                f"{', '.join(Role)}, found {row!r}"
            )
        found.append((read["group"].strip(), Granted(Role(read["role"]), read["path"])))
    return found

"""Reading the provider's signed statement: whether it is for us, for this journey and good, and of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.accounts.single_sign_on.configured import SingleSignOn
from survey_app.accounts.single_sign_on.faults import Refused, Why
from survey_app.accounts.single_sign_on.provider import Provider, Spoken
from survey_app.accounts.staff import tidy_email
from survey_app.clock import Clock

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures only the provider can make: neither `none` nor HS256, for which a published key would do."""
LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Stated:
    """Who signed in, as the provider says."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    groups: frozenset[str] | None  # None: roles are ours to give


def stated(provider: Provider, spoken: Spoken, *, nonce: str, clock: Clock) -> Stated:
    """Return who signed in, or raise Refused."""
    ours = provider.configured
    claims = _checked(provider, spoken, nonce=nonce, now=int(clock().timestamp()))
    if ours.required and not _texts(claims.get(ours.required[0])) & ours.required[1]:
        raise Refused(Why.FACTOR, ours.required[0])
    about = claims if claims.get(ours.email_claim) else _more(provider, spoken, claims)
    return Stated(
        issuer=ours.issuer,
        subject=claims["sub"],
        email=_email(about.get(ours.email_claim)),
        is_verified=not ours.verified_claim or _is_true(about.get(ours.verified_claim)),
        groups=_groups(ours, claims),
    )


def _checked(provider: Provider, spoken: Spoken, *, nonce: str, now: int) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    ours, allowed = provider.configured, _allowed(provider)
    try:
        try:
            token = jwt.decode(spoken.id_token, provider.keys(), algorithms=allowed)
        except InvalidKeyIdError:
            token = jwt.decode(spoken.id_token, provider.keys(fresh=True), algorithms=allowed)
        expected = {
            "iss": {"essential": True, "value": ours.issuer},
            "aud": {"essential": True, "value": ours.client_id},
        }
        params = {"nonce": nonce, "client_id": ours.client_id, "access_token": spoken.access_token}
        claims = CodeIDToken(token.claims, token.header, expected, params)
        claims.validate(now=now, leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as fault:
        claim = getattr(fault, "claim", "")
        raise Refused(Why.TOKEN, claim or type(fault).__name__) from None
    if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255 or "\x00" in claims["sub"]:
        raise Refused(Why.TOKEN, "sub")
    return dict(claims)


def _allowed(provider: Provider) -> list[str]:
    theirs = provider.described().get("id_token_signing_alg_values_supported") or ALGORITHMS
    return [name for name in ALGORITHMS if name in theirs]


def _more(provider: Provider, spoken: Spoken, claims: Mapping[str, Any]) -> Mapping[str, Any]:
    about = provider.more_about(spoken)
    # What is told about somebody else must not be taken for this person's.
    return about if about.get("sub") == claims["sub"] else {}


def _email(told: object) -> str:
    first = told[0] if isinstance(told, list) and len(told) == 1 else told
    fits = isinstance(first, str) and "@" in first and len(first) <= 254 and "\x00" not in first
    return tidy_email(first) if fits and isinstance(first, str) else ""


def _is_true(told: object) -> bool:
    return told is True or told in ("true", "1", 1)


def _groups(ours: SingleSignOn, claims: Mapping[str, Any]) -> frozenset[str] | None:
    if not ours.groups_claim:
        return None
    if ours.groups_claim in (claims.get("_claim_names") or ()):
        raise Refused(Why.GROUPS)
    return _texts(claims.get(ours.groups_claim))


def _texts(told: object) -> frozenset[str]:
    return frozenset(map(str, told if isinstance(told, list) else [told] if told is not None else []))

"""Talking to the provider: where it is, which keys it signs with, and a code for a signed statement."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from survey_app.accounts.single_sign_on.configured import SingleSignOn, single_sign_on
from survey_app.accounts.single_sign_on.faults import ProviderSilent, Refused, Why
from survey_app.clock import Clock
from survey_app.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.jwk import ECKey, KeySet, RSAKey

SECONDS = (3.05, 5)
"""To reach the provider, and to wait for its answer: somebody looks at an empty page meanwhile."""
KEPT_FOR = dt.timedelta(hours=1)
RESTS = dt.timedelta(seconds=15)
"""A provider that is down is not asked by everybody at once: these threads answer respondents too."""
LARGEST = 256 * 1024
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the provider gave for a code; used at once, kept nowhere."""

    id_token: str
    access_token: str

    def __repr__(self) -> str:
        return "Spoken(...)"


class Provider:
    """One provider; what it publishes about itself is asked for once an hour."""

    def __init__(self, configured: SingleSignOn, clock: Clock) -> None:
        self.configured = configured
        self._clock = clock
        self._lock = threading.Lock()
        self._described: dict[str, Any] = {}
        self._until = self._silent_until = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._keys: KeySet | None = None

    def described(self) -> Mapping[str, Any]:
        """Return the provider's own description, checked to be of the issuer we expect."""
        with self._lock:
            if self._clock() >= self._until:
                self._ask()
            return self._described

    def _ask(self) -> None:
        if self._clock() < self._silent_until:
            raise ProviderSilent("asked a moment ago, and it did not answer")
        try:
            self._described, self._keys = self._discover(), None
        except ProviderSilent:
            self._silent_until = self._clock() + RESTS
            raise
        self._until = self._clock() + KEPT_FOR

    def keys(self, *, fresh: bool = False) -> KeySet:
        """Return the keys it signs with; `fresh` asks again, for a key that we have not seen yet."""
        from joserfc.jwk import KeySet

        address = self.described()["jwks_uri"]
        with self._lock:
            if self._keys is None or fresh:
                self._keys = KeySet(list(_usable(self._get(address).get("keys"))))
            if not self._keys.keys:
                raise ProviderSilent(f"{address} gives no keys that can sign")
            return self._keys

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser goes to sign in."""
        more = {"acr_values": self.configured.acr_values} if self.configured.acr_values else {}
        with self._client() as client:
            address: str = client.create_authorization_url(
                self.described()["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                **more,
            )[0]
        return address

    def exchange(self, code: str, verifier: str) -> Spoken:
        """Change a code into what the provider says about who signed in."""
        from authlib.integrations.base_client import OAuthError

        described = self.described()
        try:
            with self._client() as client:
                told = client.fetch_token(
                    described["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self.configured.callback,
                    allow_redirects=False,
                )
        except OAuthError as fault:
            raise _refusal(fault.error) from None
        except (requests.RequestException, ValueError) as fault:
            raise ProviderSilent(f"{described['token_endpoint']}: {type(fault).__name__}") from None
        return Spoken(str(told.get("id_token", "")), str(told.get("access_token", "")))

    def more_about(self, spoken: Spoken) -> Mapping[str, Any]:
        """Ask for what the signed statement left out; empty where the provider tells no more."""
        address = self.described().get("userinfo_endpoint")
        bearer = {"Authorization": f"Bearer {spoken.access_token}"}
        return self._get(address, bearer) if address and spoken.access_token else {}

    def _discover(self) -> dict[str, Any]:
        url, issuer = self.configured.discovery_url, self.configured.issuer
        told = self._get(url)
        if told.get("issuer") != issuer:
            raise ProviderSilent(f"{url} describes another issuer: SURVEY_SSO_ISSUER must be its very text")
        for name in ENDPOINTS:
            if urlsplit(str(told.get(name, ""))).scheme != urlsplit(issuer).scheme:
                raise ProviderSilent(f"{url}: {name} is missing or not under {urlsplit(issuer).scheme}://")
        return told

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            reply = requests.get(address, headers=headers, timeout=SECONDS, allow_redirects=False)
            told = reply.json() if reply.ok and len(reply.content) <= LARGEST else None
        except (requests.RequestException, ValueError) as fault:
            raise ProviderSilent(f"{address} does not answer: {type(fault).__name__}") from None
        if not isinstance(told, dict):
            raise ProviderSilent(f"{address} answers {reply.status_code} where a JSON object was expected")
        return told

    def _client(self) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        ours = self.configured
        method = _auth_method(ours, self.described())
        client = OAuth2Session(
            ours.client_id,
            ours.key.pem if ours.key else ours.secret or None,
            token_endpoint_auth_method=method,
            scope=ours.scopes,
            redirect_uri=ours.callback,
            code_challenge_method="S256",
            default_timeout=SECONDS,
        )
        if ours.key:
            from authlib.oauth2.rfc7523 import PrivateKeyJWT

            header = {"kid": ours.key.id} if ours.key.id else None
            client.register_client_auth_method(PrivateKeyJWT(headers=header, alg=ours.key.algorithm))
        return client


def fault_of(settings: Settings, clock: Clock) -> str:
    """Return what keeps people from signing in through the provider; empty where nothing does."""
    configured = single_sign_on(settings)
    try:
        if configured:
            Provider(configured, clock).keys()
    except ProviderSilent as fault:
        return f"single sign-on: {fault}"
    return ""


def _usable(told: object) -> Iterator[RSAKey | ECKey]:
    # Kinds we do not know, and shared secrets, are left aside: one of them must not spoil the others.
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey

    kinds: dict[object, type[RSAKey | ECKey]] = {"RSA": RSAKey, "EC": ECKey}
    for row in told if isinstance(told, list) else []:
        if not isinstance(row, dict) or row.get("kty") not in kinds or row.get("use") == "enc":
            continue
        with suppress(JoseError, ValueError, TypeError, KeyError):
            yield kinds[row["kty"]].import_key(row)


def _auth_method(ours: SingleSignOn, described: Mapping[str, Any]) -> str:
    if ours.key:
        return "private_key_jwt"
    taken = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    by_post = "client_secret_basic" not in taken and "client_secret_post" in taken
    return "client_secret_post" if by_post else "client_secret_basic"


def _refusal(error: object) -> Exception:
    # The provider refuses a code that was used or is too old; anything else it refuses is our configuration.
    if error == "invalid_grant":
        return Refused(Why.CODE)
    known = (
        error if error in {"invalid_client", "unauthorized_client", "invalid_request"} else "another error"
    )
    return ProviderSilent(f"the token endpoint says {known}: check client id, secret or key, and callback")

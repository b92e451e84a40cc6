"""An OpenID Connect provider on loopback: discovery, a login form, codes with PKCE, keys that change."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET, PASSWORD = "surveys", "a secret of the test's own provider", "login at the provider"
SIGNED = "RS256"
ENDPOINTS = ("authorization", "token", "userinfo")
FORM = '<form method="post"><input name="login"><input name="password"><button>Go</button></form>'


@cache
def rsa(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})  # slow: once is enough for all


@dataclass
class FakeOidc:
    """A provider whose people, keys and statements a test may change."""

    clock: Callable[[], Any]
    base: str = ""
    key: RSAKey = field(default_factory=lambda: rsa("first"))
    client_key: RSAKey | None = None
    people: dict[str, dict] = field(default_factory=dict)
    changed: dict = field(default_factory=dict)  # claims of the next statements, None takes one away
    forge: Callable[[FakeOidc, dict], str] | None = None
    described: dict = field(default_factory=dict)
    odd_keys: list = field(default_factory=list)
    codes: dict[str, dict] = field(default_factory=dict)
    assertions: list[dict] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)

    def statement(self, grant: dict) -> str:
        """Sign what is said about one sign-in."""
        now = int(self.clock().timestamp())
        claims = {"iss": self.base, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": grant["nonce"]}
        claims |= self.people[grant["login"]] | self.changed
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.forge:
            return self.forge(self, claims)
        return jwt.encode({"alg": SIGNED, "kid": self.key.kid}, claims, self.key, algorithms=[SIGNED])

    def log_in(self, address: str, login: str) -> str:
        """Sign in on the provider's own page, as a browser does; return where it is sent back to."""
        page = requests.get(address, timeout=5)
        assert "<form" in page.text, page.text
        form = {"login": login, "password": PASSWORD}
        return requests.post(address, data=form, timeout=5, allow_redirects=False).headers["Location"]


def unsigned(provider: FakeOidc, claims: dict) -> str:
    """Make a statement without a signature."""
    return ".".join([*(_b64(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)), ""])


def signed_with_the_public_key(provider: FakeOidc, claims: dict) -> str:
    """Make a statement whose HS256 secret is the provider's published key."""
    header = {"alg": "HS256", "kid": provider.key.kid}
    told = ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
    return f"{told}.{_b64(hmac.digest(provider.key.as_pem(private=False), told.encode(), 'sha256'))}"


def signed_by_a_stranger(provider: FakeOidc, claims: dict) -> str:
    """Make a statement signed with another key under the provider's key id."""
    header = {"alg": SIGNED, "kid": provider.key.kid}
    return jwt.encode(header, claims, rsa("stranger"), algorithms=[SIGNED])


@contextmanager
def serve(clock: Callable[[], Any]) -> Iterator[FakeOidc]:
    """Run the provider on a free port of this machine."""
    provider = FakeOidc(clock)
    server = make_server("127.0.0.1", 0, _site(provider), threaded=True)
    provider.base = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _site(provider: FakeOidc) -> Flask:
    site = Flask("fake oidc")
    site.before_request(lambda: provider.asked.append(request.path))
    _hang_for_browsers(site, provider)
    _hang_for_clients(site, provider)
    return site


def _hang_for_browsers(site: Flask, provider: FakeOidc) -> None:
    @site.get("/.well-known/openid-configuration")
    def describe() -> Response:
        told = {f"{name}_endpoint": f"{provider.base}/{name}" for name in ENDPOINTS}
        told |= {"issuer": provider.base, "jwks_uri": f"{provider.base}/keys"}
        return jsonify(told | provider.described)

    @site.get("/keys")
    def keys() -> Response:
        told = KeySet([provider.key]).as_dict(private=False)
        return jsonify(keys=[*provider.odd_keys, *told["keys"]])

    @site.get("/authorization")
    def form() -> str:
        return FORM

    @site.post("/authorization")
    def log_in() -> Any:
        if request.form["password"] != PASSWORD or request.form["login"] not in provider.people:
            return "no", 401
        code = secrets.token_urlsafe(16)
        provider.codes[code] = request.args.to_dict() | {"login": request.form["login"]}
        back = urlencode({"code": code, "state": request.args["state"]})
        return redirect(f"{request.args['redirect_uri']}?{back}", 303)


def _hang_for_clients(site: Flask, provider: FakeOidc) -> None:
    @site.post("/token")
    def token() -> Any:
        if not _is_client(provider):
            return jsonify(error="invalid_client"), 401
        grant = provider.codes.pop(request.form["code"], None)
        if grant is None or not _fits(grant):
            return jsonify(error="invalid_grant"), 400
        access = f"access-{secrets.token_urlsafe(8)}"
        statement = provider.statement(grant)
        provider.codes[access] = grant
        provider.spoken += [access, statement]
        return jsonify(access_token=access, token_type="Bearer", id_token=statement, expires_in=300)

    @site.get("/userinfo")
    def userinfo() -> Any:
        grant = provider.codes[request.headers["Authorization"].removeprefix("Bearer ")]
        return jsonify({"email": grant["login"], "email_verified": True} | provider.people[grant["login"]])


def _fits(grant: dict) -> bool:
    challenge = _b64(hashlib.sha256(request.form["code_verifier"].encode()).digest())
    same = request.form["redirect_uri"] == grant["redirect_uri"]
    return same and grant["code_challenge_method"] == "S256" and challenge == grant["code_challenge"]


def _is_client(provider: FakeOidc) -> bool:
    if provider.client_key is None:
        sent = request.authorization
        return bool(sent) and (sent.username, sent.password) == (CLIENT, SECRET)
    told = jwt.decode(request.form["client_assertion"], provider.client_key, algorithms=["RS512"])
    used = {row["jti"] for row in provider.assertions}
    provider.assertions.append(told.claims | {"kid": told.header["kid"]})
    return (
        (told.claims["iss"], told.claims["sub"]) == (CLIENT, CLIENT)
        and told.claims["aud"] == f"{provider.base}/token"
        and told.claims["exp"] > time.time()
        and told.claims["jti"] not in used
    )

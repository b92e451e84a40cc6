"""One journey to the provider and back: begun in a browser, remembered only there, ended once."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import secrets
from dataclasses import asdict, dataclass

from survey_app.accounts.single_sign_on.faults import Refused, Why
from survey_app.crypto import Keys, WrongKey, keyed_hash, seal, unseal

LONGEST = dt.timedelta(minutes=10)
BOUND = "sso-journey"


@dataclass(frozen=True, slots=True)
class Journey:
    """What must come back unchanged, and where the browser wanted to go."""

    state: str
    nonce: str
    verifier: str
    after: str
    begun: float

    def __repr__(self) -> str:
        return "Journey(...)"


def begin(after: str, now: dt.datetime) -> Journey:
    """Begin a journey with its own state, nonce and PKCE verifier."""
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 48))
    return Journey(state, nonce, verifier, after, now.timestamp())


def sealed(journey: Journey, keys: Keys) -> str:
    """Return the journey as a cookie carries it: nobody but us can read or make one."""
    return seal(_key(keys), json.dumps(asdict(journey)), bound_to=BOUND).hex()


def resumed(cookie: str, state: str, *, now: dt.datetime, keys: Keys) -> Journey:
    """Return the journey of a browser that came back, or raise Refused."""
    try:
        journey = Journey(**json.loads(unseal(_key(keys), bytes.fromhex(cookie), bound_to=BOUND)))
    except (ValueError, WrongKey):
        raise Refused(Why.STATE) from None
    age = dt.timedelta(seconds=now.timestamp() - journey.begun)
    if age > LONGEST or not hmac.compare_digest(journey.state.encode(), state.encode()):
        raise Refused(Why.STATE)
    return journey


def _key(keys: Keys) -> bytes:
    return keyed_hash(keys.session, BOUND, "key")

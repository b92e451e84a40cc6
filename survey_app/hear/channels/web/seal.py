"""The hidden field of every form: proves that this survey's own page was shown, when, and once."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import secrets
from dataclasses import dataclass

from survey_app.crypto import keyed_hash

MAXIMUM_LENGTH = 400
BETWEEN = "."


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page said about itself: which instrument version, when it was made, and its nonce."""

    instrument: str
    version: int
    at: dt.datetime
    nonce: str


class FormSeal:
    """Signs and reads the field; bound to a token and a page, so that no cookie is needed."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, token: str, page: str, shown: Shown) -> str:
        """Return the field's text."""
        milliseconds = int(shown.at.timestamp() * 1000)
        said = f"{shown.instrument}{BETWEEN}{shown.version}{BETWEEN}{milliseconds}{BETWEEN}{shown.nonce}"
        return f"{said}{BETWEEN}{self._signature(token, page, said)}"

    def read(self, token: str, page: str, text: str | None) -> Shown | None:
        """Return what a field says, or None where it was not made for this token and page."""
        if not text or len(text) > MAXIMUM_LENGTH:
            return None
        said, _, signature = text.rpartition(BETWEEN)
        # Compared as bytes: somebody may put any letters into the field.
        if not hmac.compare_digest(signature.encode(), self._signature(token, page, said).encode()):
            return None
        instrument, version, milliseconds, nonce = said.rsplit(BETWEEN, 3)
        at = dt.datetime.fromtimestamp(int(milliseconds) / 1000, tz=dt.UTC)
        return Shown(instrument, int(version), at, nonce)

    def _signature(self, token: str, page: str, said: str) -> str:
        bound = keyed_hash(self._key, "survey form", token)
        return base64.urlsafe_b64encode(keyed_hash(bound, page, said)).decode().rstrip("=")


def new_nonce() -> str:
    """Return what makes one showing of a form different from every other."""
    return secrets.token_urlsafe(12)

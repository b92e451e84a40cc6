"""The hidden field of every form: proves that this survey's own page was shown, when, and once."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

MAXIMUM_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page said about itself: which instrument version, when it was made, and its nonce."""

    instrument: str
    version: int
    at: dt.datetime
    nonce: str

    def key_of(self, raw: str | None) -> str:
        """Return the key under which an answer given on this page is stored once."""
        # A browser may bring a page back from memory with its old nonce: another answer on it is a new
        # submission, the same answer on it is a repeat.
        words = "skip" if raw is None else f"answer {raw}"
        return f"{self.nonce}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


class FormSeal:
    """Signs and reads the field; bound to a token and a page, so that no cookie is needed."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, token: str, page: str, shown: Shown) -> str:
        """Return the field's text."""
        text = self._serializer(token, page).dumps(
            [shown.instrument, shown.version, int(shown.at.timestamp() * 1000), shown.nonce]
        )
        return str(text)

    def read(self, token: str, page: str, text: str | None) -> Shown | None:
        """Return what a field says, or None where it was not made for this token and page."""
        if not text or len(text) > MAXIMUM_LENGTH:
            return None
        try:
            instrument, version, milliseconds, nonce = self._serializer(token, page).loads(text)
        except (BadData, ValueError, TypeError):
            return None
        return Shown(instrument, version, dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC), nonce)

    def _serializer(self, token: str, page: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._key, salt=f"survey form\x00{token}\x00{page}")


def new_nonce() -> str:
    """Return what makes one showing of a form different from every other."""
    return secrets.token_urlsafe(12)

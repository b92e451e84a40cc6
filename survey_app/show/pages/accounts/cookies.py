"""The cookie that carries a staff session, and the token that proves a form was ours."""

from __future__ import annotations

import hmac

from flask import Request
from werkzeug.wrappers import Response

from survey_app.accounts.known_browsers import KNOWN_FOR
from survey_app.accounts.sign_in import ABSOLUTE
from survey_app.crypto import Keys, keyed_hash
from survey_app.settings import Settings


class SessionCookie:
    """Reads and writes the cookie; over https its name pins it to this host."""

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.public_base_url.startswith("https://")
        self.name = "__Host-session" if self._secure else "staff_session"

    def read(self, request: Request) -> str:
        """Return the token a browser sent, or an empty text."""
        return request.cookies.get(self.name, "")[:100]

    def write(self, response: Response, token: str) -> None:
        """Give a browser its token."""
        response.set_cookie(
            self.name,
            token,
            max_age=ABSOLUTE,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def forget(self, response: Response) -> None:
        """Take the token away."""
        response.delete_cookie(self.name, secure=self._secure, httponly=True, samesite="Lax", path="/")


class KnownCookie:
    """The cookie by which we know a browser again: it opens nothing, it keeps the owner from a lock."""

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.public_base_url.startswith("https://")
        self.name = "__Host-known" if self._secure else "staff_known"

    def read(self, request: Request) -> str:
        """Return what a browser sent, or an empty text."""
        return request.cookies.get(self.name, "")[:100]

    def write(self, response: Response, browser: str) -> None:
        """Let a browser be known for a year."""
        response.set_cookie(
            self.name,
            browser,
            max_age=KNOWN_FOR,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )


def csrf_of(keys: Keys, token: str) -> str:
    """Return the form token of one staff session; another session's does not fit."""
    return keyed_hash(keys.session, "staff-csrf", token).hex()


def csrf_fits(keys: Keys, token: str, sent: str) -> bool:
    """Tell whether a form was made for this session."""
    return hmac.compare_digest(csrf_of(keys, token).encode(), sent.encode())

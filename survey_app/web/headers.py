"""Headers of every reply: nothing from elsewhere, nothing framed, nothing kept, no address leaked."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Flask, Response, g

from survey_app.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self' 'nonce-{nonce}'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
NOT_KEPT = "no-store"
FORGET = {"Clear-Site-Data": '"cache"'}
"""For the last page of a visit: browsers keep pages for Back even when told not to store them."""
A_YEAR = "max-age=31536000; includeSubDomains"


def script_nonce() -> str:
    """Return the nonce that this request's own scripts carry."""
    if "script_nonce" not in g:
        g.script_nonce = secrets.token_urlsafe(16)
    nonce: str = g.script_nonce
    return nonce


def install_headers(app: Flask, settings: Settings) -> None:
    """Put the headers on every reply of the app; a view may set its own Cache-Control or Referrer-Policy."""
    app.after_request(_header_writer(secure=settings.public_base_url.startswith("https://")))
    app.jinja_env.globals["script_nonce"] = script_nonce


def _header_writer(*, secure: bool) -> Callable[[Response], Response]:
    def write(response: Response) -> Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=script_nonce())
        if secure:
            response.headers["Strict-Transport-Security"] = A_YEAR
        return response

    return write

"""Proof that a request comes from Twilio: its signature over our public address and every form value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from flask import abort, request
from twilio.request_validator import RequestValidator

from survey_app.settings import Settings

LONGEST_SIGNATURE = 200


def is_signed(
    environ: Mapping[str, Any],
    form: Mapping[str, str],
    signature: str | None,
    *,
    base_url: str,
    auth_token: str,
) -> bool:
    """Tell whether the provider signed this request; whatever cannot be checked is not signed.

    `form` is the request's form untouched: trimming a value would break the signature.
    """
    if not signature or len(signature) > LONGEST_SIGNATURE or not signature.isascii():
        return False
    try:
        return bool(RequestValidator(auth_token).validate(signed_url(environ, base_url), form, signature))
    except (TypeError, ValueError, UnicodeError):
        return False


def refuse_unsigned(settings: Settings) -> None:
    """Answer 403 unless Twilio signed this request and it is about our account."""
    signed = is_signed(
        request.environ,
        request.form,
        request.headers.get("X-Twilio-Signature"),
        base_url=settings.public_base_url,
        auth_token=settings.twilio_auth_token,
    )
    if not signed or request.form.get("AccountSid") != settings.twilio_account_sid:
        abort(403)


def signed_url(environ: Mapping[str, Any], base_url: str) -> str:
    """Return the address the provider called, byte for byte; never built from Host or forwarded headers."""
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or _rebuilt(environ))
    if not raw.startswith("/"):
        parts = urlsplit(raw)
        raw = parts.path + (f"?{parts.query}" if parts.query else "")
    return base_url + raw


def _rebuilt(environ: Mapping[str, Any]) -> str:
    path = quote(
        f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}".encode("latin-1"),
        safe="/:@!$&'()*+,;=~",
    )
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path

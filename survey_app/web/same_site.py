"""Refuses posts that another website started, without needing a cookie."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, request

from survey_app.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_other_sites(settings: Settings) -> Callable[[], None]:
    """Return a check for before_request: a browser that names another site as the origin gets 403."""

    def check() -> None:
        if request.method in SAFE:
            return
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            abort(403)
        origin = request.headers.get("Origin")
        # Providers' webhooks and old browsers send no origin; "null" comes from pages without a referrer.
        if origin in {None, "null", settings.public_base_url}:
            return
        if origin != f"{request.scheme}://{request.host}":
            abort(403)

    return check

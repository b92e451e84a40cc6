"""Conditional replies: who holds the newest copy gets 304 and no body, before the body is made."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request


def if_changed(stamp: str, make: Callable[[], Response]) -> Response:
    """Return 304 to a reader whose copy carries this stamp, else what `make` gives, stamped."""
    # Weak comparison: a proxy that compresses marks the stamp as weak, and browsers send it back so.
    known = request.if_none_match.contains_weak(stamp)
    response = Response(status=304) if known else make()
    response.set_etag(stamp)
    return response

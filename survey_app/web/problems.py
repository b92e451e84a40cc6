"""Faults as programs read them: application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response

FOR_PROGRAMS = "/api/"
"""Addresses whose every fault is answered so."""


def problem(status: int, detail: str = "") -> Response:
    """Return a fault as JSON; `detail` says what to do."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body = told | ({"detail": detail} if detail else {})
    return Response(json.dumps(body), status=status, mimetype="application/problem+json")

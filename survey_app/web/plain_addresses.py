"""Refuses addresses with a NUL in them: nothing of ours has one, and PostgreSQL breaks over it."""

from __future__ import annotations

from flask import abort, request


def refuse_nul() -> None:
    """Answer such an address like one that never was, whoever asks."""
    query = request.query_string
    if "\x00" in request.path or b"\x00" in query or b"%00" in query:
        abort(404)

"""Lists in parts: how many at once, after which, and where the next part is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, request

USUAL, MOST = 100, 500
CURSOR = re.compile(r"[A-Za-z0-9._:-]{0,160}")
Row = TypeVar("Row")


class BadQuery(ValueError):
    """A parameter that cannot be used; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is asked for."""

    limit: int
    after: str


def asked_part() -> Part:
    """Read `limit` and `after`, or raise BadQuery."""
    limit, after = request.args.get("limit", str(USUAL)), request.args.get("after", "")
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MOST):
        raise BadQuery(f"limit must be 1 to {MOST}")
    if not CURSOR.fullmatch(after):
        raise BadQuery("after must be taken from the `next` of an earlier part")
    return Part(int(limit), after)


def listed(
    rows: Sequence[Row], part: Part, key: Callable[[Row], str], show: Callable[[Row], Any]
) -> Response:
    """Return one part of a list; `rows` begin after `part.after` and may hold one more than are asked for."""
    shown = rows[: part.limit]
    following = _address(key(shown[-1]), part.limit) if len(rows) > part.limit else None
    body = {"items": [show(row) for row in shown], "next": following}
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")


def after_in(rows: Sequence[Row], part: Part, key: Callable[[Row], str]) -> list[Row]:
    """Return a whole list's rows after the part's cursor, by key."""
    return sorted((row for row in rows if key(row) > part.after), key=key)


def asked_id(name: str) -> str:
    """Return an id asked for as a filter, empty where none is; one that no row can have is not found."""
    value = request.args.get(name, "")
    return value if CURSOR.fullmatch(value) else abort(404)


def _address(after: str, limit: int) -> str:
    others = [(name, value) for name, value in request.args.items() if name not in {"after", "limit"}]
    return f"{request.path}?{urlencode([*others, ('limit', limit), ('after', after)])}"

"""Who gets in where: records of services, panels of named officials."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

ROWS = {
    "/dashboard/panels/<instrument_id>/<place_id>": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/panels/<instrument_id>/<place_id>.<any(json, csv, svg, png):twin>": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        UNKNOWN,
        UNKNOWN,
    ),
    "/workspace/panels": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/panels POST": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/workspace/panels/<int(max=2147483647):round_id>/close": (
        "POST",
        SIGN_IN,
        FORBIDDEN,
        FORBIDDEN,
        FORBIDDEN,
    ),
    "/workspace/records": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/records POST": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/workspace/records/take": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
}
IDS = {"round_id": 1, "instrument_id": "scirocco-style-12"}

"""Who gets in where: places compared, groups of people, who answered."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

ROWS = {
    "/dashboard/compare/<measure_id>": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/compare/<measure_id>.<any(json, csv, svg):twin>": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        OPEN,
        OPEN,
    ),
    "/dashboard/localities/<measure_id>": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/equity/<measure_id>/<place_id>": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/equity/<measure_id>/<place_id>.<any(json, csv):twin>": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        UNKNOWN,
        UNKNOWN,
    ),
    "/dashboard/answered/<place_id>": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/answered/<place_id>.<any(json, csv):twin>": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        UNKNOWN,
        UNKNOWN,
    ),
}

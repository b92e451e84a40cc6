"""Who gets in where: delivery, previews of texts, people to leave alone."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

POST = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
ROWS = {
    "/workspace/delivery": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/campaigns/<int(max=2147483647):campaign_id>/delivery": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        FORBIDDEN,
        UNKNOWN,
    ),
    "/workspace/campaigns/<int(max=2147483647):campaign_id>/texts": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        FORBIDDEN,
        UNKNOWN,
    ),
    "/workspace/people/left-alone": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/people/left-alone POST": POST,
    "/workspace/people/left-alone/take": POST,
}

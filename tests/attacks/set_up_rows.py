"""Who gets in where: places, lists of people, erasure, the first set-up. Nobody of the matrix administers."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

ADMINISTRATORS = ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
POST = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
ONE_LIST = "/workspace/people/lists/<string(length=22):list_id>"
PLACE = "/workspace/places/<place_id>"
ROWS = {
    "/set-up/<token>": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/set-up/<token> POST": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/set-up": ADMINISTRATORS,
    "/set-up/messages": ADMINISTRATORS,
    "/set-up/finish": POST,
    "/workspace/places": ADMINISTRATORS,
    PLACE: ADMINISTRATORS,
    **{f"{PLACE}/{step}": POST for step in ("add", "name", "move", "stay", "close", "open")},
    "/workspace/people/erase": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/people/erase POST": POST,
    "/workspace/people/erase/confirm": POST,
    # An officer of one place cannot open any list: lists speak of the whole system.
    ONE_LIST: ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    f"{ONE_LIST} POST": POST,
    f"{ONE_LIST}/refused.csv": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    f"{ONE_LIST}/take": POST,
    f"{ONE_LIST}/drop": POST,
}
IDS = {"list_id": "1" * 22}

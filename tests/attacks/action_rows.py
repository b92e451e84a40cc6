"""Who gets into the pages of actions and of what the public is told: rows of the matrix of every route."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

ACTION = "/dashboard/actions/<int(max=2147483647):action_id>"
NOTICE = "/dashboard/actions/you-said/<int(max=2147483647):notice_id>"
PUBLIC = "/you-said/<int(max=2147483647):notice_id>"
FORMS = (
    f"{ACTION}/edit",
    f"{ACTION}/cycles",
    f"{ACTION}/cycles/<int(max=2147483647):number>",
    f"{ACTION}/you-said",
    f"{NOTICE}/edit",
)
LED = ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, FORBIDDEN)
UNSEALED = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
UNPUBLISHED = ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)

ROWS = {
    # rule: (method, nobody signed in, no role, east lead, east officer)
    "/dashboard/actions": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/actions/new": ("GET", SIGN_IN, FORBIDDEN, OPEN, FORBIDDEN),
    "/dashboard/actions/new POST": UNSEALED,
    ACTION: ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    NOTICE: LED,
    **dict.fromkeys(FORMS, LED),
    **dict.fromkeys((f"{form} POST" for form in FORMS), UNSEALED),
    f"{ACTION}/<any(start, finish, stop):step>": UNSEALED,
    f"{NOTICE}/<any(publish, text, withdraw):deed>": UNSEALED,
    "/you-said": ("GET", OPEN, OPEN, OPEN, OPEN),
    PUBLIC: UNPUBLISHED,
    f"{PUBLIC}/easy-read": UNPUBLISHED,
}
IDS = {"action_id": 1, "notice_id": 1, "deed": "publish"}

"""Who gets in where: codes, shared screens, posters, letters and paper forms."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

FORM = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
NOBODY = ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
ONE = "/workspace/campaigns/<int(max=2147483647):campaign_id>/handouts"

ROWS = {
    "/q": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/q POST": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/q/<code>": NOBODY,
    "/q/<code> POST": ("POST", *NOBODY[1:]),
    "/q/<code>/call": NOBODY,
    "/q/<code>/call POST": ("POST", *NOBODY[1:]),
    "/q/<code>/call/sent": NOBODY,
    "/kiosk/<code>": NOBODY,
    "/kiosk/<code> POST": ("POST", *NOBODY[1:]),
    "/kiosk/<code>/done": NOBODY,
    "/kiosk/<code>/<token>/<int:number>": NOBODY,
    "/kiosk/<code>/<token>/<int:number> POST": ("POST", *NOBODY[1:]),
    ONE: ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    f"{ONE}/posters": FORM,
    f"{ONE}/posters/<int(max=2147483647):code_id>/print": FORM,
    f"{ONE}/posters/<int(max=2147483647):code_id>/end": FORM,
    f"{ONE}/forms": FORM,
    f"{ONE}/desk": FORM,
    f"{ONE}/letters": FORM,
    f"{ONE}/letters/<run_id>.pdf": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    f"{ONE}/letters/<run_id>.pdf POST": FORM,
    "/workspace/paper": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/workspace/paper POST": FORM,
    "/workspace/paper/key": FORM,
}
IDS = {"code": "00000-00000-1", "code_id": 1, "run_id": "1" * 22}

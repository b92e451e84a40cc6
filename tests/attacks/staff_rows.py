"""Who gets in where: staff accounts, links sent by e-mail, files that ask why."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

FORM = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
NOBODY = (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
LED = ("GET", SIGN_IN, FORBIDDEN, OPEN, FORBIDDEN)
SYSTEM = ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
ONE = "/workspace/staff/<int(max=2147483647):staff_id>"

ROWS = {
    "/workspace/staff": LED,
    "/workspace/staff/invite": LED,
    "/workspace/staff/invite POST": FORM,
    "/workspace/staff/invitations/<int(max=2147483647):pass_id>/take-back": FORM,
    ONE: ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, FORBIDDEN),
    f"{ONE}/roles": FORM,
    f"{ONE}/roles/take": FORM,
    f"{ONE}/<any(close, reopen, unlock, code):turn>": FORM,
    "/join/<token>": ("GET", *NOBODY),
    "/join/<token> POST": ("POST", *NOBODY),
    "/reset/<token>": ("GET", *NOBODY),
    "/reset/<token> POST": ("POST", *NOBODY),
    "/sign-in/reset": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/sign-in/reset POST": ("POST", OPEN, OPEN, OPEN, OPEN),
    "/workspace/audit/trail.csv": SYSTEM,
    "/workspace/audit/trail.csv POST": FORM,
    "/dashboard/figures.csv": LED,
    "/dashboard/figures.csv POST": FORM,
}
IDS = {"staff_id": 987_654, "pass_id": 987_654, "turn": "close"}

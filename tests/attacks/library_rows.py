"""Who gets in where: the library of questions, dry runs, how far a survey is."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

ONE = "/workspace/campaigns/<int(max=2147483647):campaign_id>"
KEPT = "/workspace/library/<instrument_id>/v<int(max=9999):version>"
ROWS = {
    f"{ONE}/progress": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    f"{ONE}/dry-run": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    "/workspace/library": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    KEPT: ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),  # wording is nobody's secret
    f"{KEPT}/since/<int(max=9999):since>": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
}
IDS = {"instrument_id": "pulse-user-6", "version": 1, "since": 1}

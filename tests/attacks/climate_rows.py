"""Who gets in where: reports of teams. Leads see all teams of a place together, never one team's report."""

from __future__ import annotations

SIGN_IN, FORBIDDEN = 303, 403

ONLY_TEAM_LEADERS = ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)

ROWS = {
    "/teams": ONLY_TEAM_LEADERS,
    "/teams/<team_id>/waves/<wave_id>": ONLY_TEAM_LEADERS,
    "/teams/<team_id>/waves/<wave_id>/print": ONLY_TEAM_LEADERS,
    "/teams/<team_id>/waves/<wave_id>.<any(json, csv, svg, png):twin>": ONLY_TEAM_LEADERS,
}
IDS = {"team_id": "district-nurses", "wave_id": "wave1"}

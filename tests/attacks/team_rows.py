"""Who gets in where: teams, rosters, waves, and the pages of members."""

from __future__ import annotations

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

FORM = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
NOBODY = ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
NOBODY_POSTS = ("POST", *NOBODY[1:])
ONE = "/workspace/teams/<team_id>"
WAVE = "/workspace/teams/waves/<wave_id>"

ROWS = {
    "/t/<token>": NOBODY,
    "/t/<token> POST": NOBODY_POSTS,
    "/t/<token>/look": NOBODY_POSTS,
    "/t/<token>/done": NOBODY,
    "/t/<token>/<int:number>": NOBODY,
    "/t/<token>/<int:number> POST": NOBODY_POSTS,
    "/t/<token>/stop": NOBODY,
    "/t/<token>/stop POST": NOBODY_POSTS,
    "/workspace/teams": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/teams POST": FORM,
    ONE: ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    f"{ONE}/members": FORM,
    f"{ONE}/list": FORM,
    f"{ONE}/members/<int(max=2147483647):member_id>/end": FORM,
    "/workspace/teams/waves": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/teams/waves POST": FORM,
    WAVE: ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    f"{WAVE}/teams": FORM,
    f"{WAVE}/<any(launch, remind, close, void, delete):onward>": FORM,
}
IDS = {"onward": "launch", "team_id": "hilltop-team", "wave_id": "0123456789abcdef", "member_id": 1}

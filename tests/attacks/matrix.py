"""Who gets in where: every route by everybody."""

from __future__ import annotations

import importlib
from pathlib import Path

TOPICS = [
    importlib.import_module(f"tests.attacks.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("*_rows.py"))
]
"""Rows of one topic each, found by the name of their file: ROWS, and IDS of what is foreign to everybody."""

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404

FORM = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)  # sent without its token

# Who gets in where, with ids of the west (hilltop) in every address. Officer and lead are of the east.
# A new route without a row here fails the test.
MATRIX = {
    # rule: (method, nobody signed in, no role, east lead, east officer)
    "/": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/accessibility": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/privacy": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/help": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/help/<concept>": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/health/live": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/health/ready": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/sign-in": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/sign-in POST": ("POST", 401, 401, 401, 401),
    "/sign-in/code": ("GET", OPEN, OPEN, OPEN, OPEN),
    "/sign-in/code POST": ("POST", 401, 401, 401, 401),
    "/account": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/account/password": FORM,
    "/account/code": FORM,
    "/account/code/first": FORM,
    "/account/code/recovery": FORM,
    "/sign-out": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/s/<token>": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/s/<token>/look": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/s/<token>/start": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/s/<token>/call": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/s/<token>/call POST": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/workspace/call-backs": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/call-backs/<int(max=2147483647):call_id>": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/s/<token>/done": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/s/<token>/<int:number>": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/s/<token>/<int:number> POST": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/stop/<token>": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/stop/<token> POST": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/digest/stop/<token>": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/digest/stop/<token> POST": ("POST", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/hooks/twilio/message": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/twilio/status": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/notify": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/notify/message": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/twilio/voice": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/twilio/voice/step": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/twilio/voice/status": ("POST", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/hooks/twilio/voice/recordings/<language>/<name>.mp3": ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    "/dashboard": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/digest": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/digest POST": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/dashboard/model": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/elements/<element_id>": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/measures/<measure_id>": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/places/<place_id>": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/series/<measure_id>/<place_id>": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/series/<measure_id>/<place_id>.<any(json, csv, xlsx, svg, png):twin>": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        UNKNOWN,
        UNKNOWN,
    ),
    "/dashboard/series/<measure_id>/<place_id>/annotations": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/series/<measure_id>/<place_id>/annotations POST": FORM,
    "/dashboard/series/<measure_id>/<place_id>/annotations/<int(max=2147483647):note_id>/withdraw": FORM,
    "/dashboard/series/<measure_id>/<place_id>/target": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/series/<measure_id>/<place_id>/target POST": FORM,
    "/dashboard/series/<measure_id>/<place_id>/baseline": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/series/<measure_id>/<place_id>/baseline POST": FORM,
    "/dashboard/series/<measure_id>/<place_id>/baseline/<int(max=2147483647):rebase_id>/take-back": FORM,
    "/dashboard/quarters/<measure_id>/<place_id>": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/quarters/<measure_id>/<place_id>.<any(json, csv):twin>": (
        "GET",
        SIGN_IN,
        FORBIDDEN,
        UNKNOWN,
        UNKNOWN,
    ),
    **{rule: row for topic in TOPICS for rule, row in topic.ROWS.items()},
    "/workspace/groups": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/groups/confirm": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/dashboard/live": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/model/live": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/elements/<element_id>/live": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/measures/<measure_id>/live": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/places/<place_id>/live": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/dashboard/series/<measure_id>/<place_id>/live": ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN),
    "/workspace": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/audit": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/workspace/alerts": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/workspace/alerts/<int:alert_id>": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/workspace/alerts/<int:alert_id>/outcome": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/workspace/campaigns/<int(max=2147483647):campaign_id>": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, UNKNOWN),
    "/workspace/campaigns/<int(max=2147483647):campaign_id>/<any(start, pause, end):step>": (
        "POST",
        SIGN_IN,
        FORBIDDEN,
        FORBIDDEN,
        FORBIDDEN,
    ),
    "/workspace/campaigns/new": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/campaigns/new POST": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "/workspace/people": ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN),
    "/workspace/people POST": ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
}
FOREIGN = {
    "token": "1" * 22,
    "number": 1,
    "concept": "small-numbers",
    "element_id": "outcomes.experience.3",
    "measure_id": "ex.say.mean",
    "place_id": "hilltop",
    "twin": "json",
    "campaign_id": 1,
    "alert_id": 1,
    "call_id": 1,
    "note_id": 1,
    "language": "ur",
    "name": "opening",
    "rebase_id": 1,
    "step": "start",
    **{name: value for topic in TOPICS for name, value in getattr(topic, "IDS", {}).items()},
}

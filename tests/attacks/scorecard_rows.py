"""Who gets into scorecards and documents, and a board of somebody else's place to try it on."""

from __future__ import annotations

from dataclasses import replace

from survey_app.know.improvement.scorecards.plan import Pick, Plan
from survey_app.know.improvement.scorecards.store import create, save_version
from survey_app.show.pages.dashboard.scorecards.steps import Step

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404
READ = ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, UNKNOWN)
SENT = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
CARD = "/dashboard/scorecards/<int(max=2147483647):scorecard_id>"
STEP = f"{CARD}/edit/<any({', '.join(Step)}):part>"
PLAN = Plan("Hilltop board", "", picks=(Pick("outcomes.experience.3", ("ex.say.mean",)),))

# In the columns of MATRIX: nobody signed in, no role, east lead, east officer.
ROWS = {
    "/dashboard/series/<measure_id>/<place_id>/document": SENT,
    "/dashboard/documents/<document_id>": READ,
    "/dashboard/documents/<document_id>/live": READ,
    "/dashboard/documents/<document_id>.pdf": READ,
    "/dashboard/scorecards": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/dashboard/scorecards POST": SENT,
    CARD: READ,
    f"{CARD}/icons": READ,
    f"{CARD}/document": SENT,
    f"{CARD}/discard": SENT,
    f"{CARD}/versions": READ,
    f"{CARD}/versions/<int(max=2147483647):number>": READ,
    STEP: ("GET", SIGN_IN, FORBIDDEN, UNKNOWN, FORBIDDEN),  # planning is for leads
    f"{STEP} POST": SENT,
}
IDS = {"document_id": "1" * 22, "scorecard_id": 1, "part": "name"}


def board_of_the_west(session, now, name=PLAN.name):
    """Save a board with its first version at a place that nobody of the east may see."""
    card = create(session, "west", replace(PLAN, name=name), by=name, now=now)
    save_version(session, card, name, by=name, now=now)

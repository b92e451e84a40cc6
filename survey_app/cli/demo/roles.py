"""One sign-in for each role, so that everybody's view can be tried."""

from __future__ import annotations

from survey_app.accounts.tables import Role
from survey_app.cli.demo import world

WHOLE = f"/{world.SYSTEM}/"
PLACE = f"{WHOLE}harbour/"
SIGN_INS = (
    ("lead@demo.example", "Ada Lead", Role.LEAD, WHOLE),
    ("officer@demo.example", "Sam Officer", Role.SURVEY_OFFICER, WHOLE),
    ("administrator@demo.example", "Ines Administrator", Role.ADMINISTRATOR, WHOLE),
    ("responder@demo.example", "Rob Responder", Role.RESPONDER, WHOLE),
    ("analyst@demo.example", "Noor Analyst", Role.ANALYST, PLACE),
    ("team-leader@demo.example", "Tess Leader", Role.TEAM_LEADER, PLACE),
    ("auditor@demo.example", "Otto Auditor", Role.AUDITOR, WHOLE),
)


def who_may_what() -> list[str]:
    """Say with which addresses the other roles can be tried."""
    others = [email.partition("@")[0] for email, *_ in SIGN_INS[2:]]
    return [f"  other roles             {', '.join(others)} @demo.example, the same password"]

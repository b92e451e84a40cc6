"""How many answered, by the way they were asked: in tens, so that no page tells when one person did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.hear.responses.dispositions import Disposition, disposition
from survey_app.hear.responses.endings import ending_of, endings
from survey_app.show.pages.workspace.delivery.advice import in_tens

WAYS = {
    "text": "Text message",
    "web": "Web page, by a link in a text",
    "whatsapp": "WhatsApp",
    "call": "Phone call",
    "email": "E-mail",
    "letter": "Letter",
}
ANSWERED = (Disposition.COMPLETE, Disposition.PARTIAL)
TOO_FEW = "too few to tell"
LEAST = 10


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking: everybody asked, who answered in tens, and the least rate that is sure."""

    name: str
    asked: str
    answered: str
    rate: str


def by_way(session: Session, campaign: Campaign, n_items: int) -> list[Way]:
    """Return how many answered at least half, by the way they were asked."""
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for row in session.execute(endings().where(Invitation.campaign_id == campaign.id)):
        found = disposition(ending_of(row, n_items))
        if found is not Disposition.NOT_ELIGIBLE:
            asked[row.asked_by] += 1
            answered[row.asked_by] += found in ANSWERED
    return [_way(name, asked[name], answered[name]) for name in WAYS if asked[name]]


def _way(name: str, n_asked: int, n_answered: int) -> Way:
    sure = n_answered // 10 * 10
    # With fewer than ten who did not answer, the rate would tell of those few.
    if n_answered < LEAST or n_asked - n_answered < LEAST:
        return Way(WAYS[name], f"{n_asked:,}", TOO_FEW, "")
    return Way(WAYS[name], f"{n_asked:,}", in_tens(n_answered), f"at least {100 * sure // n_asked} in 100")

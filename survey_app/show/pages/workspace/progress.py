"""How far a campaign is, answers in steps of ten: an open page does not tell when one person answered."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.campaigns import Tally, tallies
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.sending.tables import Message, MessageState


@dataclass(frozen=True, slots=True)
class Progress:
    """What an open page says of a campaign; money is not in it, because each answer by text costs some."""

    campaign_id: int
    state: str
    n_drawn: int
    n_waiting: int
    answered: str

    @property
    def stamp(self) -> str:
        """Return what changes when any of it does."""
        return "-".join(str(part).replace(" ", "") for part in astuple(self)[1:])


def progress_of(session: Session, campaign: Campaign) -> Progress:
    """Return how far a campaign is now."""
    tally = tallies(session).get(campaign.id, Tally())
    return Progress(
        campaign_id=campaign.id,
        state=campaign.state.value,
        n_drawn=tally.n_drawn,
        n_waiting=_n_waiting(session, campaign.id),
        answered=tally.answered_in_tens,
    )


def _n_waiting(session: Session, campaign_id: int) -> int:
    """Return how many people of a campaign no message has left for yet."""
    left = sa.exists().where(
        Message.invitation_id == Invitation.id,
        Message.state.not_in((MessageState.PENDING, MessageState.CLAIMED)),
    )
    mine = sa.select(sa.func.count()).where(Invitation.campaign_id == campaign_id, ~left)
    return session.scalar(mine) or 0

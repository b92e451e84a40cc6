"""Reading rounds of panels: which there are, who was asked and who has answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.invitations import link_of
from survey_app.ask.outreach.panels.tables import PanelRound, Rater
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.crypto import Keys
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Progress:
    """One round and how far it has come."""

    round: PanelRound
    n_asked: int
    n_answered: int


def rounds_at(session: Session, place_ids: Collection[str]) -> list[Progress]:
    """Return the rounds of some places, the newest first."""
    answered = sa.func.sum(sa.case((Invitation.state == InvitationState.ANSWERED, 1), else_=0))
    query = (
        sa.select(PanelRound, sa.func.count(Invitation.id), answered)
        .outerjoin(Invitation, Invitation.campaign_id == PanelRound.campaign_id)
        .where(PanelRound.place_id.in_(place_ids))
        .group_by(PanelRound.id)
        .order_by(PanelRound.id.desc())
    )
    return [
        Progress(made, n_asked, int(n_answered or 0)) for made, n_asked, n_answered in session.execute(query)
    ]


def round_by_id(session: Session, round_id: int) -> PanelRound | None:
    """Return a round, or None."""
    return session.get(PanelRound, round_id)


def links(session: Session, made: PanelRound, *, keys: Keys, settings: Settings) -> list[tuple[str, str]]:
    """Return each rater's name and personal link, for whoever has just opened the round to hand on."""
    query = (
        sa.select(Rater.name, Invitation)
        .join(Invitation, Invitation.participant_id == Rater.participant_id)
        .where(Rater.round_id == made.id, Invitation.campaign_id == made.campaign_id)
        .order_by(Rater.name)
    )
    return [(name, link_of(settings, keys, invitation)) for name, invitation in session.execute(query)]


def forget(session: Session, participant_id: int) -> None:
    """Take a person's name out of every round."""
    session.execute(sa.delete(Rater).where(Rater.participant_id == participant_id))

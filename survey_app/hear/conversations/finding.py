"""Finding the survey a text belongs to: the open conversation of its sender, or their newest invitation."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.tables import Participant
from survey_app.database import insert_or_ignore
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.tables import OPEN_STATES, Conversation, ConversationState
from survey_app.hear.conversations.turn import Conversing, Survey
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.progress import progress

RESUMABLE = (*OPEN_STATES, ConversationState.PAUSED, ConversationState.DECLINED)
"""Who hung up, or said "not now", may come back while the invitation is open."""


def survey_of(session: Session, inbound: Inbound, address_index: bytes, needs: Conversing) -> Survey | None:
    """Return the survey an inbound text belongs to, its conversation locked; None if none is open."""
    _close_ended(session, inbound, address_index)
    row = _newest_invitation(session, address_index, inbound.received_at)
    if row is None:
        return None
    invitation, campaign, synthetic = row
    conversation = _conversation(session, inbound, address_index, invitation)
    if conversation is None:
        return None
    origin = origin_of(invitation, campaign, needs.keys, synthetic=synthetic)
    so_far = progress(session, origin.name)
    instrument = needs.library.get(campaign.instrument_id, campaign.instrument_version)
    return Survey(conversation, invitation, instrument, origin, so_far.answers if so_far else {})


def latest_closed(session: Session, address_index: bytes, *, since: dt.datetime) -> Conversation | None:
    """Return the sender's last conversation, if it ended lately."""
    query = sa.select(Conversation).where(
        Conversation.address_index == address_index, Conversation.updated_at > since
    )
    return session.execute(
        query.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(1)
    ).scalar()


def place_of(session: Session, address_index: bytes) -> str | None:
    """Return the locality of whoever has an address; None for strangers."""
    query = sa.select(Participant.locality_id).where(Participant.phone_index == address_index)
    return session.execute(query.order_by(Participant.id).limit(1)).scalar()


def people_at(session: Session, address_index: bytes) -> list[int]:
    """Return everyone who shares an address: a wish to stop is about the phone."""
    query = sa.select(Participant.id).where(Participant.phone_index == address_index)
    return list(session.execute(query.order_by(Participant.id)).scalars())


def _close_ended(session: Session, inbound: Inbound, address_index: bytes) -> None:
    query = sa.select(Conversation, Invitation.state).join(
        Invitation, Invitation.id == Conversation.invitation_id
    )
    mine = query.where(
        Conversation.our_address == inbound.our_address, Conversation.address_index == address_index
    )
    for conversation, state in session.execute(mine.where(Conversation.state.in_(OPEN_STATES))).all():
        if state is InvitationState.OPEN and conversation.expires_at > inbound.received_at:
            continue
        answered = state is InvitationState.ANSWERED
        conversation.state = ConversationState.COMPLETED if answered else ConversationState.EXPIRED
        conversation.updated_at = inbound.received_at
    session.flush()


def _newest_invitation(
    session: Session, address_index: bytes, now: dt.datetime
) -> sa.Row[Invitation, Campaign, bool] | None:
    # An open conversation is carried on before a newer survey is begun.
    begun = sa.exists().where(
        Conversation.invitation_id == Invitation.id, Conversation.state.in_(OPEN_STATES)
    )
    query = (
        sa.select(Invitation, Campaign, Participant.synthetic)
        .join(Participant, Participant.id == Invitation.participant_id)
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(
            Participant.phone_index == address_index,
            Invitation.state == InvitationState.OPEN,
            Campaign.audience != Audience.PANEL,  # officials judge on pages only
            Invitation.invited_at <= now,
            Invitation.expires_at > now,
        )
    )
    newest_first = (sa.case((begun, 0), else_=1), Invitation.invited_at.desc(), Invitation.id.desc())
    return session.execute(query.order_by(*newest_first).limit(1)).first()


def _conversation(
    session: Session, inbound: Inbound, address_index: bytes, invitation: Invitation
) -> Conversation | None:
    row = {
        "invitation_id": invitation.id,
        "our_address": inbound.our_address,
        "address_index": address_index,
        "state": ConversationState.INVITED,
        "turn": 0,
        "misreadings": 0,
        "expires_at": invitation.expires_at,
        "updated_at": inbound.received_at,
    }
    insert_or_ignore(session, Conversation, [row])
    query = sa.select(Conversation).where(
        Conversation.invitation_id == invitation.id, Conversation.state.in_(RESUMABLE)
    )
    return session.execute(query.with_for_update().execution_options(populate_existing=True)).scalar()

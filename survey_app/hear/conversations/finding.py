"""Finding the survey a reply belongs to: the conversation held with its sender, or a newer invitation."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.tables import Participant
from survey_app.database import insert_or_ignore
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.people import reached_on
from survey_app.hear.conversations.tables import HELD_STATES, Conversation, ConversationState
from survey_app.hear.conversations.turn import Conversing, Survey
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.progress import progress

RESUMABLE = (*HELD_STATES, ConversationState.DECLINED, ConversationState.UNDELIVERABLE)
"""Somebody who said no, or whom a text did not reach, may come back while the invitation is open."""

Found = sa.Row[Conversation, Invitation, Campaign, bool]
"""A conversation with its invitation, its campaign and whether the person is made up."""

# Built once: every text begins with it. The row of the conversation is locked until its turn is over.
WHOLE = (
    sa.select(Conversation, Invitation, Campaign, Participant.synthetic)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .join(Campaign, Campaign.id == Invitation.campaign_id)
    .join(Participant, Participant.id == Invitation.participant_id)
    .with_for_update(of=Conversation)
    .execution_options(populate_existing=True)
)
WITH_ADDRESS = WHOLE.where(
    Conversation.our_address == sa.bindparam("ours"),
    Conversation.address_index == sa.bindparam("theirs"),
    Conversation.state.in_(HELD_STATES),
)


def survey_of(session: Session, inbound: Inbound, address_index: bytes, needs: Conversing) -> Survey | None:
    """Return the survey a reply belongs to, its conversation locked; None if none is open."""
    held = session.execute(WITH_ADDRESS, {"ours": inbound.our_address, "theirs": address_index}).first()
    if held is not None and not _has_ended(session, held, inbound.received_at):
        return survey_from(session, held, needs)
    newest = session.execute(waiting(address_index, inbound.received_at).limit(1)).first()
    if newest is None:
        return None
    _begin(session, inbound, address_index, newest[0])
    begun = session.execute(WHOLE.where(Conversation.invitation_id == newest[0].id)).first()
    return survey_from(session, begun, needs) if begun is not None else None


def survey_from(session: Session, found: Found, needs: Conversing) -> Survey:
    """Return the survey of a conversation with the answers that stand, whichever way they came."""
    conversation, invitation, campaign, synthetic = found
    origin = origin_of(invitation, campaign, needs.keys, synthetic=synthetic)
    so_far = progress(session, origin.name)
    original = needs.library.get(campaign.instrument_id, campaign.instrument_version)
    instrument = original.in_language(invitation.language)
    answers = so_far.answers if so_far is not None else {}
    answered_at = so_far.updated_at if so_far is not None else None
    return Survey(conversation, invitation, instrument, origin, answers, answered_at)


def waiting(
    address_index: bytes, now: dt.datetime, *, among: tuple[ConversationState, ...] = RESUMABLE
) -> sa.Select[Invitation, Campaign]:
    """Select a phone's open invitations, the newest first, whose conversation is in a state or not begun."""
    over = sa.exists().where(Conversation.invitation_id == Invitation.id, Conversation.state.not_in(among))
    return (
        sa.select(Invitation, Campaign)
        .join(Participant, Participant.id == Invitation.participant_id)
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(
            reached_on(address_index),
            Invitation.state == InvitationState.OPEN,
            Campaign.audience != Audience.PANEL,  # officials judge on pages only
            Invitation.invited_at <= now,
            Invitation.expires_at > now,
            ~over,
        )
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
    )


def latest_closed(session: Session, address_index: bytes, *, since: dt.datetime) -> Found | None:
    """Return the sender's last conversation, if it ended lately."""
    mine = WHOLE.where(Conversation.address_index == address_index, Conversation.updated_at > since)
    return session.execute(
        mine.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(1)
    ).first()


def _has_ended(session: Session, held: Found, now: dt.datetime) -> bool:
    conversation, invitation, _, _ = held
    if invitation.state is InvitationState.OPEN and conversation.expires_at > now:
        return False
    answered = invitation.state is InvitationState.ANSWERED
    conversation.state = ConversationState.COMPLETED if answered else ConversationState.EXPIRED
    conversation.updated_at = now
    session.flush()
    return True


def _begin(session: Session, inbound: Inbound, address_index: bytes, invitation: Invitation) -> None:
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

"""Finding the survey a reply belongs to: the conversation held with its sender, or a newer invitation."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.asked import COLUMNS, Asked
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.tables import Participant
from survey_app.database import insert_or_ignore
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.people import reached_on
from survey_app.hear.conversations.tables import HELD_STATES, Conversation, ConversationState
from survey_app.hear.conversations.turn import Conversing, Survey
from survey_app.hear.responses.origins import origin_asked
from survey_app.hear.responses.progress import progress

RESUMABLE = (*HELD_STATES, ConversationState.DECLINED, ConversationState.UNDELIVERABLE)
"""Somebody who said no, or whom a text did not reach, may come back while the invitation is open."""

Found = sa.Row[Any]
"""A conversation, and what its invitation asks."""

# Built once: every text begins with it. The row of the conversation is locked until its turn is over.
WHOLE = (
    sa.select(Conversation, *COLUMNS)
    .join_from(Conversation, Invitation, Invitation.id == Conversation.invitation_id)
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


OF_INVITATION = WHOLE.where(Conversation.invitation_id == sa.bindparam("invitation"))


def survey_of(session: Session, inbound: Inbound, address_index: bytes, needs: Conversing) -> Survey | None:
    """Return the survey a reply belongs to, its conversation locked; None if none is open."""
    held = session.execute(WITH_ADDRESS, {"ours": inbound.our_address, "theirs": address_index}).first()
    if held is not None and not _has_ended(session, held, inbound.received_at):
        return survey_from(session, held, needs)
    newest = next_waiting(session, address_index, inbound.received_at)
    if newest is None:
        return None
    _begin(session, inbound, address_index, newest)
    begun = session.execute(OF_INVITATION, {"invitation": newest.id}).first()
    return survey_from(session, begun, needs) if begun is not None else None


def survey_from(session: Session, found: Found, needs: Conversing) -> Survey:
    """Return the survey of a conversation with the answers that stand, whichever way they came."""
    conversation, asked = _parts(found)
    origin = origin_asked(asked, needs.keys)
    so_far = progress(session, origin.name)
    original = needs.library.get(asked.instrument_id, asked.instrument_version)
    instrument = original.in_language(asked.language)
    answers = so_far.answers if so_far is not None else {}
    answered_at = so_far.updated_at if so_far is not None else None
    return Survey(conversation, asked, instrument, origin, answers, answered_at)


def next_waiting(
    session: Session,
    address_index: bytes,
    now: dt.datetime,
    *,
    among: tuple[ConversationState, ...] = RESUMABLE,
) -> Asked | None:
    """Return a phone's newest open invitation whose conversation is in a state or not begun."""
    asking = {"theirs": address_index, "now": now}
    found = session.connection().execute(_waiting(among), asking).first()
    return None if found is None else Asked._make(found)


@cache
def _waiting(among: tuple[ConversationState, ...]) -> sa.Select[Any]:
    over = sa.exists().where(Conversation.invitation_id == Invitation.id, Conversation.state.not_in(among))
    return (
        sa.select(*COLUMNS)
        .join_from(Invitation, Participant, Participant.id == Invitation.participant_id)
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(
            reached_on(sa.bindparam("theirs")),
            Invitation.state == InvitationState.OPEN,
            Campaign.audience != Audience.PANEL,  # officials judge on pages only
            Invitation.invited_at <= sa.bindparam("now"),
            Invitation.expires_at > sa.bindparam("now"),
            ~over,
        )
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
        .limit(1)
    )


def latest_closed(session: Session, address_index: bytes, *, since: dt.datetime) -> Found | None:
    """Return the sender's last conversation, if it ended lately."""
    mine = WHOLE.where(Conversation.address_index == address_index, Conversation.updated_at > since)
    return session.execute(
        mine.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(1)
    ).first()


def _parts(found: Found) -> tuple[Conversation, Asked]:
    return found[0], Asked._make(found[1:])


def _has_ended(session: Session, held: Found, now: dt.datetime) -> bool:
    conversation, asked = _parts(held)
    if asked.state is InvitationState.OPEN and conversation.expires_at > now:
        return False
    answered = asked.state is InvitationState.ANSWERED
    conversation.state = ConversationState.COMPLETED if answered else ConversationState.EXPIRED
    conversation.updated_at = now
    session.flush()
    return True


def _begin(session: Session, inbound: Inbound, address_index: bytes, asked: Asked) -> None:
    row = {
        "invitation_id": asked.id,
        "our_address": inbound.our_address,
        "address_index": address_index,
        "state": ConversationState.INVITED,
        "turn": 0,
        "misreadings": 0,
        "expires_at": asked.expires_at,
        "updated_at": inbound.received_at,
    }
    insert_or_ignore(session, Conversation, [row])

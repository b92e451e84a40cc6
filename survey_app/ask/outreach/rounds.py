"""What the clock does every minute: draw, invite whose minute has come, remind once, close what is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach import campaigns, invitations
from survey_app.ask.outreach.eligibility import agreed
from survey_app.ask.outreach.samples import draw, due_week
from survey_app.ask.outreach.tables import Campaign, CampaignState, Invitation, InvitationState
from survey_app.ask.outreach.texts import Texts, filled
from survey_app.ask.population.participants import phone_of
from survey_app.ask.population.tables import Participant
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.clock import london_day
from survey_app.crypto import Keys
from survey_app.settings import Settings

AT_MOST = 500
"""Texts queued a campaign a round: a backlog leaves over minutes instead of in one long transaction."""
NOT_SENT = (MessageState.REJECTED, MessageState.WITHDRAWN, MessageState.PENDING, MessageState.CLAIMED)
UNREACHED = ("failed", "undelivered", "canceled")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    n_draws: int
    n_invited: int
    n_reminded: int
    n_expired: int


@dataclass(frozen=True, slots=True)
class Sender:
    """What turning an invitation into a text needs."""

    session: Session
    now: dt.datetime
    keys: Keys
    settings: Settings
    texts: Texts


def run(
    session: Session, *, now: dt.datetime, keys: Keys, settings: Settings, texts: Texts, library: Library
) -> Round:
    """Do everything that is due; run twice in a minute, the second run finds nothing to do.

    Texts are queued in their minute, not when drawn, so that a campaign that is paused stops at once; nothing
    is queued in quiet hours.
    """
    n_expired = invitations.expire(session, now)
    campaigns.end_over(session, london_day(now))
    n_draws = n_invited = n_reminded = 0
    sender = Sender(session, now, keys, settings, texts)
    for campaign in _sending(session):
        instrument = library.get(campaign.instrument_id, campaign.instrument_version)
        drawn = draw(session, campaign, due_week(campaign, now), now=now, keys=keys, instrument=instrument)
        n_draws += drawn is not None
        if next_allowed(now) <= now:
            n_invited += _invite(sender, campaign, instrument)
            n_reminded += _remind(sender, campaign, instrument)
    return Round(n_draws, n_invited, n_reminded, n_expired)


def _sending(session: Session) -> list[Campaign]:
    # Also those whose last day is over: their last invitations still get a reminder.
    state = Campaign.state == CampaignState.RUNNING
    return list(session.scalars(sa.select(Campaign).where(state).order_by(Campaign.id)))


def _invite(sender: Sender, campaign: Campaign, instrument: Instrument) -> int:
    queued = sa.exists().where(Message.invitation_id == Invitation.id, Message.kind == MessageKind.INVITE)
    n_queued = 0
    for invitation, person in _open(sender, campaign, sa.and_(Invitation.invited_at <= sender.now, ~queued)):
        text = sender.texts.invitation_for(invitation.channel)
        body = filled(text, invitation, instrument, sender=sender.settings.sender_name)
        n_queued += _queue(sender, MessageKind.INVITE, invitation, person, body)
    return n_queued


def _remind(sender: Sender, campaign: Campaign, instrument: Instrument) -> int:
    if campaign.reminder_days is None:
        return 0
    long_ago = sender.now - dt.timedelta(days=campaign.reminder_days)
    reached = sa.exists().where(
        Message.invitation_id == Invitation.id,
        Message.kind == MessageKind.INVITE,
        Message.state.not_in(NOT_SENT),
        sa.or_(Message.delivery.is_(None), Message.delivery.not_in(UNREACHED)),
        sa.func.coalesce(Message.sent_at, Message.not_before) <= long_ago,
    )
    # Whoever has begun by text gets the next question again instead of a reminder, from the conversation.
    begun = sa.exists().where(Message.invitation_id == Invitation.id, Message.kind == MessageKind.QUESTION)
    due = sa.and_(Invitation.reminded_at.is_(None), reached, ~begun)
    n_queued = 0
    for invitation, person in _open(sender, campaign, due):
        text = sender.texts.reminder_for(invitation.channel)
        body = filled(text, invitation, instrument, sender=sender.settings.sender_name)
        n_queued += _queue(sender, MessageKind.REMINDER, invitation, person, body)
        invitation.reminded_at = sender.now
    return n_queued


def _open(
    sender: Sender, campaign: Campaign, due: sa.ColumnElement[bool]
) -> Iterator[tuple[Invitation, Participant]]:
    query = (
        sa.select(Invitation, Participant)
        .join(Participant, Participant.id == Invitation.participant_id)
        .where(Invitation.campaign_id == campaign.id, Invitation.state == InvitationState.OPEN, due, agreed())
        .order_by(Invitation.invited_at, Invitation.id)
        .limit(AT_MOST)
    )
    yield from sender.session.execute(query).all()


def _queue(sender: Sender, kind: MessageKind, invitation: Invitation, person: Participant, body: str) -> bool:
    address = phone_of(sender.keys, person)
    if address is None:
        return False
    outgoing = Outgoing(
        key=f"{kind}:{invitation.id}",
        kind=kind,
        medium=Medium.TEXT,
        address=address,
        body=body,
        not_before=sender.now,
        not_after=invitation.expires_at,
        invitation_id=invitation.id,
    )
    return queue(sender.session, outgoing, keys=sender.keys, now=sender.now)

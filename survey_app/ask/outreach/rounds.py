"""What the clock does every minute: draw, invite whose minute has come, remind once, close what is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach import campaigns, invitations, queueing
from survey_app.ask.outreach.budgets import affordable
from survey_app.ask.outreach.eligibility import agreed, left_alone
from survey_app.ask.outreach.queueing import UNREACHED, Asked, Sender
from survey_app.ask.outreach.samples import draw, due_week
from survey_app.ask.outreach.tables import Campaign, CampaignState, Invitation, InvitationState
from survey_app.ask.outreach.texts import Texts
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.clock import london_day
from survey_app.crypto import Keys
from survey_app.settings import Settings

AT_MOST = 500
"""Texts queued a campaign a round: a backlog leaves over minutes instead of in one long transaction."""
NOT_SENT = (
    MessageState.REJECTED,
    MessageState.LOST,
    MessageState.WITHDRAWN,
    MessageState.PENDING,
    MessageState.CLAIMED,
)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    n_draws: int
    n_invited: int
    n_reminded: int
    n_expired: int


def run(
    session: Session,
    *,
    now: dt.datetime,
    keys: Keys,
    settings: Settings,
    texts: Texts,
    library: Library,
) -> Round:
    """Do everything that is due; run twice in a minute, the second run finds nothing to do.

    Texts are queued in their minute, not when drawn, so that a campaign that is paused stops at once; nothing
    is queued in quiet hours.
    """
    n_expired = invitations.expire(session, now)
    campaigns.end_over(session, london_day(now))
    n_draws = n_invited = n_reminded = 0
    sender = Sender(session, now, keys, settings, texts, texts.media)
    for campaign in _sending(session):
        instrument = library.get(campaign.instrument_id, campaign.instrument_version)
        drawn = draw(session, campaign, due_week(campaign, now), now=now, keys=keys, instrument=instrument)
        n_draws += drawn is not None
        if next_allowed(now) <= now:
            n_invited += _invite(sender, campaign, instrument)
            n_reminded += _follow(sender, campaign, instrument)
            n_reminded += _remind(sender, campaign, instrument)
    return Round(n_draws, n_invited, n_reminded, n_expired)


def _sending(session: Session) -> list[Campaign]:
    # Also those whose last day is over: their last invitations still get a reminder.
    state = Campaign.state == CampaignState.RUNNING
    return list(session.scalars(sa.select(Campaign).where(state).order_by(Campaign.id)))


def _invite(sender: Sender, campaign: Campaign, instrument: Instrument) -> int:
    queued = sa.exists().where(Message.invitation_id == Invitation.id, Message.kind == MessageKind.INVITE)
    due = sa.and_(Invitation.invited_at <= sender.now, ~queued)
    return sum(queueing.invite(sender, asked) for asked in _open(sender, campaign, instrument, due))


def _follow(sender: Sender, campaign: Campaign, instrument: Instrument) -> int:
    if not campaign.fallback or campaign.fallback_days is None:
        return 0
    gone = sa.and_(Message.delivery.in_(UNREACHED), Message.again_at.is_(None))  # it is not tried again
    failed = sa.or_(Message.state.in_((MessageState.REJECTED, MessageState.LOST)), gone)
    silent = _arrived(sender.now - dt.timedelta(days=campaign.fallback_days))
    last = _last(sa.or_(failed, silent))
    due = sa.and_(_waits(), last, ~_leaves())
    return sum(queueing.follow(sender, asked) for asked in _open(sender, campaign, instrument, due))


def _remind(sender: Sender, campaign: Campaign, instrument: Instrument) -> int:
    days = campaign.fallback_days if campaign.fallback else campaign.reminder_days
    if days is None:
        return 0
    reached = _last(_arrived(sender.now - dt.timedelta(days=days)))
    # Whoever is rung is rung again when nobody picked up; that takes the place of a reminder.
    due = sa.and_(_waits(), reached, Invitation.channel != ChannelChoice.CALL.value)
    n_queued = 0
    for asked in _open(sender, campaign, instrument, due):
        if not campaign.fallback or not queueing.has_next(sender, asked):
            n_queued += queueing.remind(sender, asked)
    return n_queued


def _waits() -> sa.ColumnElement[bool]:
    # Whoever has begun gets the next question again instead of a reminder, from the conversation.
    begun = sa.exists().where(Message.invitation_id == Invitation.id, Message.kind == MessageKind.QUESTION)
    return sa.and_(Invitation.reminded_at.is_(None), ~begun)


def _leaves() -> sa.ColumnElement[bool]:
    """Return the condition that a message of an invitation has still to leave, such as the next call."""
    waiting = Message.state.in_((MessageState.PENDING, MessageState.CLAIMED))
    return sa.exists().where(Message.invitation_id == Invitation.id, waiting)


def _last(which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that the newest invitation by any medium is such a one."""
    newer = aliased(Message)
    superseded = (
        sa.exists()
        .where(
            newer.invitation_id == Message.invitation_id,
            newer.kind == MessageKind.INVITE,
            newer.id > Message.id,
        )
        .correlate(Message)
    )
    return sa.exists().where(
        Message.invitation_id == Invitation.id, Message.kind == MessageKind.INVITE, which, ~superseded
    )


def _arrived(long_ago: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Message.state.not_in(NOT_SENT),
        sa.or_(Message.delivery.is_(None), Message.delivery.not_in(UNREACHED)),
        sa.func.coalesce(Message.sent_at, Message.not_before) <= long_ago,
    )


def _open(
    sender: Sender, campaign: Campaign, instrument: Instrument, due: sa.ColumnElement[bool]
) -> Iterator[Asked]:
    query = (
        sa.select(Invitation, Participant)
        .join(Participant, Participant.id == Invitation.participant_id)
        .where(Invitation.campaign_id == campaign.id, Invitation.state == InvitationState.OPEN, due, agreed())
        .where(~left_alone(sender.now))
        .order_by(Invitation.invited_at, Invitation.id)
        .limit(affordable(sender.session, campaign, sender.settings, AT_MOST))
    )
    for invitation, person in sender.session.execute(query).all():
        yield Asked(invitation, person, campaign, instrument)

"""Who may be drawn: the right people, who agreed, can be reached, and have had their rest."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.reaching import usable
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.addresses import AddressKind
from survey_app.ask.population.exclusions import excluded
from survey_app.ask.population.tables import Consent, Participant, Place
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.clock import london_day

REST = dt.timedelta(days=28)
"""Nobody is asked twice within four weeks, whatever the number of campaigns."""


def agreed() -> sa.ColumnElement[bool]:
    """Return the condition that a participant agreed and has an address that never objected."""
    return sa.and_(Participant.consent == Consent.GIVEN, sa.or_(*map(usable, AddressKind)))


def left_alone(at: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a participant must not be asked for now: a death, a worry, a closed place."""
    day = london_day(at)
    closed = sa.exists().where(
        Place.id.in_([Participant.locality_id, Participant.practice_id]), Place.closed_from <= day
    )
    return sa.or_(excluded(day), closed)


def wants_news() -> sa.ColumnElement[bool]:
    """Return the condition that a participant agreed to hear what was done."""
    return sa.and_(
        agreed(),
        usable(AddressKind.PHONE),
        Participant.hear_back.is_(True),
        Participant.audience.in_([Audience.USER, Audience.CARER]),
    )


def meant_by(campaign: Campaign) -> sa.ColumnElement[bool]:
    """Return the condition that a participant belongs to those a campaign asks."""
    return sa.and_(
        Participant.audience == campaign.audience, Participant.locality_id.in_(campaign.localities)
    )


def rested(at: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition that nobody on a participant's phone was asked in the last four weeks."""
    asked = sa.exists().where(Invitation.participant_id == Participant.id, Invitation.invited_at > at - REST)
    return sa.and_(~asked, sa.or_(Participant.synthetic, ~_sharer_asked(at)))


def phone_rested(invitation: Invitation, at: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition that no other survey was sent to the phone of a participant before this one."""
    other, sharer = aliased(Invitation), aliased(Participant)
    sent = sa.exists().where(
        sharer.phone_index == Participant.phone_index,
        other.participant_id == sharer.id,
        other.id != invitation.id,
        Message.invitation_id == other.id,
        Message.kind == MessageKind.INVITE,
        Message.state.in_((MessageState.ACCEPTED, MessageState.UNKNOWN)),
        Message.sent_at > at - REST,
    )
    return sa.or_(Participant.synthetic, ~sent)


def _sharer_asked(at: dt.datetime) -> sa.ColumnElement[bool]:
    sharer = aliased(Participant)
    return sa.exists().where(
        sharer.phone_index == Participant.phone_index,
        sharer.id != Participant.id,
        sharer.id == Invitation.participant_id,
        Invitation.invited_at > at - REST,
    )


def phone_free(at: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition that no survey is open on a phone: with two, a reply could belong to either."""
    sharer = aliased(Participant)
    busy = sa.exists().where(
        sharer.phone_index == Participant.phone_index,
        sharer.id == Invitation.participant_id,
        Invitation.state == InvitationState.OPEN,
        Invitation.expires_at > at,
    )
    # Invented people share the thousand numbers kept for drama, and nobody holds those phones.
    return sa.or_(Participant.synthetic, ~busy)

"""Queueing invitations: by the medium of the person's wish, then by what may follow where nobody answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.reaching import CHANNEL_OF, MEDIUM_OF, address_for, first_media, next_media
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.outreach.texts import Texts, message_of
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.outbox import ASKING, MOST_ASKED, Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.crypto import Keys
from survey_app.settings import Settings

UNREACHED = ("failed", "undelivered", "canceled")


@dataclass(frozen=True, slots=True)
class Sender:
    """What turning an invitation into a message needs; `media` is what the installation can send by."""

    session: Session
    now: dt.datetime
    keys: Keys
    settings: Settings
    texts: Texts
    media: frozenset[Medium] = frozenset({Medium.TEXT})


@dataclass(frozen=True, slots=True)
class Asked:
    """One open invitation, its person and what they are asked."""

    invitation: Invitation
    person: Participant
    campaign: Campaign
    instrument: Instrument


def invite(sender: Sender, asked: Asked) -> bool:
    """Queue the invitation by the first medium that reaches the person; tell whether one did."""
    key = f"{MessageKind.INVITE}:{asked.invitation.id}"
    for medium in first_media(asked.invitation.channel, asked.campaign):
        if _queue(sender, asked, MessageKind.INVITE, medium, key):
            _answers_by(asked.invitation, medium)
            return True
    return False


def remind(sender: Sender, asked: Asked) -> bool:
    """Queue the reminder by the medium that carried the invitation."""
    medium = MEDIUM_OF[ChannelChoice(asked.invitation.channel)]
    key = f"{MessageKind.REMINDER}:{asked.invitation.id}"
    asked.invitation.reminded_at = sender.now
    return _queue(sender, asked, MessageKind.REMINDER, medium, key)


def follow(sender: Sender, asked: Asked) -> bool:
    """Go on to the next medium of the campaign; tell whether there was one.

    What follows an invitation that arrived is the reminder. What follows one that failed is the invitation.
    """
    sent = _sent(sender.session, asked.invitation)
    arrived = [message for message in sent if not has_failed(message)]
    if len(arrived) >= MOST_ASKED:
        return False
    kind = MessageKind.REMINDER if arrived else MessageKind.INVITE
    for medium in following(sender, asked, sent):
        if _queue(sender, asked, kind, medium, f"{MessageKind.INVITE}:{asked.invitation.id}:{medium}"):
            if kind is MessageKind.REMINDER:
                asked.invitation.reminded_at = sender.now
            else:
                _answers_by(asked.invitation, medium)
            return True
    return False


def has_next(sender: Sender, asked: Asked) -> bool:
    """Tell whether the campaign knows another medium that reaches the person."""
    return next(following(sender, asked, _sent(sender.session, asked.invitation)), None) is not None


def following(sender: Sender, asked: Asked, sent: list[Message]) -> Iterator[Medium]:
    """Yield the media that may follow and for which the person has an address."""
    for medium in next_media(asked.campaign, (message.medium for message in sent)):
        if medium in sender.media and address_for(sender.keys, asked.person, medium) is not None:
            yield medium


def has_failed(message: Message) -> bool:
    """Tell whether a message certainly did not arrive."""
    if message.state in {MessageState.REJECTED, MessageState.LOST}:
        return True
    return message.delivery in UNREACHED and message.again_at is None


def _sent(session: Session, invitation: Invitation) -> list[Message]:
    query = sa.select(Message).where(
        Message.invitation_id == invitation.id,
        Message.kind.in_(ASKING),
        Message.state != MessageState.WITHDRAWN,
    )
    return list(session.scalars(query.order_by(Message.id)))


def _answers_by(invitation: Invitation, medium: Medium) -> None:
    if MEDIUM_OF[ChannelChoice(invitation.channel)] is not medium:
        invitation.channel = CHANNEL_OF[medium].value


def _queue(sender: Sender, asked: Asked, kind: MessageKind, medium: Medium, key: str) -> bool:
    address = address_for(sender.keys, asked.person, medium) if medium in sender.media else None
    if address is None:
        return False
    invitation = asked.invitation
    own_name = sender.settings.sender_name
    said = message_of(sender.texts, kind, medium, invitation, asked.instrument, own_name)
    outgoing = Outgoing(
        key=key,
        kind=kind,
        medium=medium,
        address=address,
        body=said.body,
        not_before=sender.now,
        not_after=invitation.expires_at,
        invitation_id=invitation.id,
        subject=said.subject,
        template=said.template,
    )
    return queue(sender.session, outgoing, keys=sender.keys, now=sender.now)

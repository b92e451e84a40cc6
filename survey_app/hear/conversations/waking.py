"""Waking: what happens to a conversation whose timer has run out; at most one text, once a survey."""

from __future__ import annotations

import datetime as dt
import logging

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import InvitationState
from survey_app.ask.population.consent import may_ask
from survey_app.ask.population.participants import participant, phone_of
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.hear.conversations.finding import WHOLE, survey_from
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.outlets import MEDIUM_OF, Phrase, TextOutlet
from survey_app.hear.conversations.saying import Lead, ask
from survey_app.hear.conversations.tables import (
    HELD_STATES,
    Conversation,
    ConversationState,
    Timer,
    TimerKind,
)
from survey_app.hear.conversations.timers import SILENCE, clear, due, set_timer
from survey_app.hear.conversations.turn import Conversing, Survey, Turn
from survey_app.hear.responses.tables import Channel

log = logging.getLogger(__name__)

AWAITED = {TimerKind.NUDGE: ConversationState.ACTIVE, TimerKind.SNOOZE: ConversationState.PAUSED}
UNREACHED = ("failed", "undelivered", "canceled")


def wake(session: Session, needs: Conversing, now: dt.datetime) -> int:
    """Give every timer that has run out its effect, and return how many there were; twice changes nothing."""
    timers = due(session, now)
    for timer in timers:
        clear(session, timer)
        try:
            with session.begin_nested():
                _wake_one(session, timer, needs, now)
        except Exception:
            log.exception("a conversation could not be woken; the others are")
    return len(timers)


def _wake_one(session: Session, timer: Timer, needs: Conversing, now: dt.datetime) -> None:
    found = session.execute(WHOLE.where(Conversation.id == timer.conversation_id)).first()
    if found is not None:
        _act(session, timer, survey_from(session, found, needs), needs, now)


def _act(session: Session, timer: Timer, survey: Survey, needs: Conversing, now: dt.datetime) -> None:
    conversation = survey.conversation
    if now >= conversation.expires_at or survey.invitation.state is not InvitationState.OPEN:
        return _close(session, survey, now)
    if timer.what is TimerKind.EXPIRY or conversation.state is not AWAITED[timer.what]:
        return None
    last_heard = max(conversation.updated_at, survey.answered_at or conversation.updated_at)
    if timer.what is TimerKind.NUDGE and last_heard + SILENCE > now:
        return set_timer(session, conversation, timer.what, next_allowed(last_heard + SILENCE))
    if timer.what is TimerKind.SNOOZE and timer.turn != conversation.turn:
        return None
    if next_allowed(now) > now:
        return set_timer(session, conversation, timer.what, next_allowed(now))
    return _call_back(session, survey, needs, now)


def _close(session: Session, survey: Survey, now: dt.datetime) -> None:
    conversation = survey.conversation
    if conversation.state not in HELD_STATES:
        return
    answered = survey.invitation.state is InvitationState.ANSWERED
    conversation.state = ConversationState.COMPLETED if answered else ConversationState.EXPIRED
    conversation.updated_at = now
    session.flush()


def _call_back(session: Session, survey: Survey, needs: Conversing, now: dt.datetime) -> None:
    conversation, item = survey.conversation, survey.next_item
    if _is_unreachable(session, conversation):
        # Nothing was said: what was answered elsewhere since the last turn stays newer than it.
        conversation.state = ConversationState.UNDELIVERABLE
        return session.flush()
    phone = _phone(session, survey, needs)
    channel = conversation.channel or Channel.SMS
    if item is None or phone is None or channel is Channel.VOICE:
        return None  # a call is made again by whoever makes calls
    if not invitations.mark_reminded(session, survey.invitation.id, now):
        return None
    nothing = Inbound(f"timer:{conversation.id}", phone, conversation.our_address, "", now, channel=channel)
    outlet = TextOutlet(session, needs.keys, MEDIUM_OF[channel], phone, now, asks_with=MessageKind.REMINDER)
    turn = Turn(session, nothing, needs, conversation.address_index, survey, outlet)
    return ask(turn, survey, item, lead=Lead(Phrase("nudge")))


def _is_unreachable(session: Session, conversation: Conversation) -> bool:
    key = f"question:{conversation.id}:{conversation.turn}:{conversation.item_id}"
    lost = sa.or_(Message.state == MessageState.REJECTED, Message.delivery.in_(UNREACHED))
    return session.execute(sa.select(Message.id).where(Message.key == key, lost)).first() is not None


def _phone(session: Session, survey: Survey, needs: Conversing) -> str | None:
    person = participant(session, survey.invitation.participant_id)
    if person is None or not may_ask(session, person.id):
        return None
    return phone_of(needs.keys, person)

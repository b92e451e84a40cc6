"""The end of a call: a survey broken off is paused, and somebody nobody reached is rung again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.phones import phone_index
from survey_app.ask.sending.outbox import CALL_BODY, Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.crypto import Keys
from survey_app.hear.conversations.calls.opening import find_call
from survey_app.hear.conversations.calls.retries import MOST_CALLS, next_call
from survey_app.hear.conversations.calls.tables import CallDirection, CallResult, PhoneCall
from survey_app.hear.conversations.tables import Conversation, ConversationState
from survey_app.hear.responses.tables import Channel

NOT_LEFT = (MessageState.REJECTED, MessageState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Hangup:
    """A call that is over, as the provider told us of it."""

    provider_id: str
    phone: str
    at: dt.datetime
    reached: bool  # somebody, or something, picked up
    about: str = ""  # the outbox token of the call we placed

    def __repr__(self) -> str:
        return f"Hangup({self.provider_id})"


def end_call(session: Session, hangup: Hangup, keys: Keys) -> CallResult:
    """Close a call, pause what was broken off, and ring again where that is due; twice changes nothing."""
    call = find_call(session, hangup.provider_id)
    result = _result(call, hangup)
    if call is not None and call.ended_at is None:
        call.ended_at, call.result = hangup.at, result
        if result is CallResult.BROKEN_OFF:
            _pause(session, call)
        session.flush()
    if result is not CallResult.DONE:
        _ring_again(session, hangup, result, keys)
    return result


def _result(call: PhoneCall | None, hangup: Hangup) -> CallResult:
    if call is not None and call.result is not None:
        return call.result
    if call is None or call.by_machine or not hangup.reached:
        return CallResult.UNREACHED
    return CallResult.BROKEN_OFF


def _pause(session: Session, call: PhoneCall) -> None:
    # We may be told late: whoever went on by text meanwhile is not held up by a call that is over.
    change = sa.update(Conversation).where(
        Conversation.invitation_id == call.invitation_id,
        Conversation.state == ConversationState.ACTIVE,
        Conversation.channel == Channel.VOICE,
    )
    session.execute(change.values(state=ConversationState.PAUSED))


def _ring_again(session: Session, hangup: Hangup, result: CallResult, keys: Keys) -> None:
    message = _placed(session, hangup, keys)
    if message is None or message.invitation_id is None:
        return
    invitation = session.get_one(Invitation, message.invitation_id)
    again = next_call(hangup.at)
    if invitation.state is not InvitationState.OPEN or again >= invitation.expires_at:
        return
    if _n_placed(session, invitation.id) >= MOST_CALLS or (
        result is CallResult.BROKEN_OFF and _n_broken_off(session, invitation.id) > 1
    ):
        return
    outgoing = Outgoing(
        key=f"call-after:{message.id}",  # however often we hear of its end, a call is followed by one
        kind=MessageKind.REMINDER,
        medium=Medium.CALL,
        address=hangup.phone,
        body=CALL_BODY,
        not_before=again,
        invitation_id=invitation.id,
        not_after=invitation.expires_at,
    )
    queue(session, outgoing, keys=keys, now=hangup.at)


def _placed(session: Session, hangup: Hangup, keys: Keys) -> Message | None:
    ours = sa.or_(Message.provider_id == hangup.provider_id, Message.callback_token == hangup.about)
    number = phone_index(keys, hangup.phone)
    query = sa.select(Message).where(ours, Message.medium == Medium.CALL, Message.address_index == number)
    return session.execute(query.limit(1)).scalar()


def _n_placed(session: Session, invitation_id: int) -> int:
    counted = sa.select(sa.func.count()).where(
        Message.invitation_id == invitation_id,
        Message.medium == Medium.CALL,
        Message.state.not_in(NOT_LEFT),
    )
    return session.scalar(counted) or 0


def _n_broken_off(session: Session, invitation_id: int) -> int:
    counted = sa.select(sa.func.count()).where(
        PhoneCall.invitation_id == invitation_id,
        PhoneCall.direction == CallDirection.OUTBOUND,
        PhoneCall.result == CallResult.BROKEN_OFF,
    )
    return session.scalar(counted) or 0

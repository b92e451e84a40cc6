"""Which question a reply answers: nobody can mean a question that has not reached them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import takewhile

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Item
from survey_app.ask.sending.leases import LEASE
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.hear.conversations.outlets import MEDIUM_OF
from survey_app.hear.conversations.saying import asked_by, asks_item
from survey_app.hear.conversations.tables import Conversation
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.responses.tables import Channel

REACTION = dt.timedelta(seconds=3)
"""Nobody reads a question and answers it sooner after the provider took it."""

INVITING = (MessageKind.INVITE, MessageKind.REMINDER)
GONE = (MessageState.REJECTED, MessageState.WITHDRAWN)

Sent = sa.Row[str, MessageKind, Medium, MessageState, dt.datetime | None, dt.datetime | None, str, str | None]
"""What was sent to an address: key, kind, medium, state, when sent, end of the lease, our and their id."""

# Built once: on the path of every answer.
LATEST = (
    sa.select(
        Message.key,
        Message.kind,
        Message.medium,
        Message.state,
        Message.sent_at,
        Message.lease_until,
        Message.callback_token,
        Message.provider_id,
    )
    .where(
        Message.address_index == sa.bindparam("theirs"),
        Message.kind.in_((*INVITING, MessageKind.QUESTION)),
    )
    .order_by(Message.id.desc())
    .limit(20)
)


class Aim(Enum):
    """What a reply can be an answer to."""

    OPEN = auto()  # the open question, which the person has
    PREVIOUS = auto()  # the question before: the open one is still on its way
    NEITHER = auto()  # nobody can tell: the open question is asked again


def aim_of(turn: Turn, survey: Survey, item: Item, value: int | None) -> Aim:
    """Return which question a reply answers, judged by what had reached the person when it came."""
    inbound, conversation = turn.inbound, survey.conversation
    if survey.is_answered_elsewhere:
        return Aim.NEITHER
    if inbound.turn is not None:  # pressed after hearing a turn, whatever was written meanwhile
        return Aim.OPEN if inbound.turn == conversation.turn else Aim.NEITHER
    if conversation.channel is not inbound.channel:
        return Aim.NEITHER
    if inbound.channel is Channel.VOICE:
        return Aim.OPEN
    sent = prompts_to(turn.session, turn.address_index)
    asked = [row for row in _lately(sent, conversation, item) if asks_item(row.key, conversation.id, item.id)]
    aim = _by_arrival(asked, MEDIUM_OF[inbound.channel], inbound.received_at)
    if aim is Aim.OPEN and value == 1 and _invited_since(sent, asked):
        return Aim.NEITHER  # "Reply 1 to start", said the last text
    return aim


def prompts_to(session: Session, address_index: bytes) -> Sequence[Sent]:
    """Return the last questions and invitations for an address, the newest first."""
    return session.connection().execute(LATEST, {"theirs": address_index}).all()


def _lately(sent: Sequence[Sent], conversation: Conversation, item: Item) -> Iterable[Sent]:
    # Who wrote BACK knows what comes. Else a copy from before another question does not say it was read now.
    if conversation.answered_item is None:
        return sent
    return takewhile(
        lambda text: asks_item(text.key, conversation.id, item.id) or not _has_left(text), _questions(sent)
    )


def _questions(sent: Sequence[Sent]) -> Iterator[Sent]:
    return (text for text in sent if asked_by(text.key) is not None)


def _has_left(text: Sent) -> bool:
    return text.state not in GONE and (text.sent_at is not None or text.lease_until is not None)


def _by_arrival(asked: Sequence[Sent], medium: Medium, at: dt.datetime) -> Aim:
    reached = [row for row in asked if row.state not in GONE and _tried_by(row, at - REACTION)]
    # A copy that came another way says nothing of what stood on this one.
    if any(row.state is MessageState.ACCEPTED and row.medium is medium for row in reached):
        return Aim.OPEN
    under_way = any(row.state not in GONE for row in asked)
    return Aim.PREVIOUS if under_way and not reached else Aim.NEITHER


def _tried_by(row: Sent, at: dt.datetime) -> bool:
    # A claimed text is being handed over, for all we know since its lease began.
    since = row.sent_at or (row.lease_until - LEASE if row.lease_until is not None else None)
    return since is not None and since <= at


def _invited_since(sent: Sequence[Sent], asked: Sequence[Sent]) -> bool:
    # By the time of sending: an invitation that was lost and is sent again keeps its place among the rows.
    asked_at = [row.sent_at for row in asked if row.sent_at is not None]
    invited_at = [row.sent_at for row in sent if row.sent_at is not None and row.kind in INVITING]
    return bool(asked_at and invited_at) and max(invited_at) > max(asked_at)

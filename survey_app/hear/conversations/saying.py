"""Saying something back: one text from the wording file, through the outbox, with a key of its own."""

from __future__ import annotations

import datetime as dt

from survey_app.ask.instruments.model import Item
from survey_app.ask.instruments.texts import measure_text
from survey_app.ask.sending.outbox import Outgoing, queue, sent_since
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.reading.wording import Wording

A_DAY = dt.timedelta(hours=24)


def say(turn: Turn, name: str, *, kind: MessageKind = MessageKind.REPLY, item: Item | None = None) -> None:
    """Answer the sender with one text of the wording file."""
    options = options_of(item, turn.wording) if item is not None else ""
    body = turn.wording.text(name, sender=turn.needs.settings.sender_name, options=options)
    _send(turn, key=f"{name}:{turn.inbound.provider_id}", kind=kind, body=body)


def say_once_a_day(turn: Turn, name: str, *, family: str, kind: MessageKind = MessageKind.REPLY) -> None:
    """Answer the sender unless a text of the same family went out within a day: machines must not chat."""
    now = turn.inbound.received_at
    if sent_since(turn.session, address_index=turn.address_index, key_starts=f"{family}:", since=now - A_DAY):
        return
    body = turn.wording.text(name, sender=turn.needs.settings.sender_name)
    # The day in the key makes two texts that arrive together get one answer.
    _send(turn, key=f"{family}:{turn.address_index.hex()[:32]}:{now:%Y%m%d}", kind=kind, body=body)


def ask(turn: Turn, survey: Survey, item: Item, *, lead: str = "") -> None:
    """Ask one item; the conversation now waits for its answer."""
    item = survey.instrument.item(item.id)  # the intake names items in the language of the released file
    conversation = survey.conversation
    if conversation.item_id != item.id:
        conversation.misreadings = 0
    conversation.item_id = item.id
    conversation.state = ConversationState.ACTIVE
    conversation.turn += 1
    conversation.updated_at = turn.inbound.received_at
    turn.session.flush()
    text = numbered(turn, survey, item)
    body = lead + text if measure_text(lead + text).segments == 1 else text
    _send(turn, key=prompt_key(survey), kind=MessageKind.QUESTION, body=body)


def prompt_key(survey: Survey) -> str:
    """Return the outbox key of the question that waits for an answer."""
    return f"question:{survey.conversation.id}:{survey.conversation.turn}"


def numbered(turn: Turn, survey: Survey, item: Item) -> str:
    """Return an item's text with its number among the items this person is asked."""
    asked = survey.instrument.applicable(survey.answers, survey.origin.items)
    number = next((n for n, other in enumerate(asked, start=1) if other.id == item.id), 1)
    prefix = turn.wording.text("question_prefix", n=number, total=max(len(asked), number))
    return prefix + item.sms


def options_of(item: Item, wording: Wording) -> str:
    """Return an item's choices in words, or its two ends where all would not fit into a text."""
    if not item.options:
        return wording.text("span", first=item.minimum, last=item.maximum)
    every = ", ".join(f"{option.code} {option.label}" for option in item.options)
    if len(every) <= 70:
        return every
    ends = item.scored
    first, last = (f"{end.code} ({end.label})" for end in (ends[0], ends[-1]))
    return wording.text("span", first=first, last=last)


def _send(turn: Turn, *, key: str, kind: MessageKind, body: str) -> None:
    invitation = turn.survey.invitation if turn.survey is not None else None
    outgoing = Outgoing(
        key=key,
        kind=kind,
        medium=Medium.TEXT,
        address=turn.inbound.sender,
        body=body,
        not_before=turn.inbound.received_at,
        invitation_id=invitation.id if invitation is not None else None,
        not_after=invitation.expires_at if invitation is not None and kind is MessageKind.QUESTION else None,
    )
    queue(turn.session, outgoing, keys=turn.needs.keys, now=turn.inbound.received_at)

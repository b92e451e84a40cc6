"""Saying something back: a line of the wording file or the next question, with a key of its own."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.model import Item
from survey_app.ask.sending.again import SEPARATOR
from survey_app.ask.sending.tables import MessageKind
from survey_app.hear.conversations.outlets import Line, Listener, Phrase, Prompt
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.reading.wording import Wording


@dataclass(frozen=True, slots=True)
class Lead:
    """What is said before a question: an echo, which may fall away, or news, which may not."""

    phrase: Phrase
    must_be_said: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the key of a question names: the conversation, its turn, and the item."""

    conversation_id: int
    turn: int
    item_id: str


def say(
    turn: Turn,
    name: str,
    *,
    kind: MessageKind = MessageKind.REPLY,
    item: Item | None = None,
    family: str = "",
) -> None:
    """Answer with one line of the wording file; of one family, once a day."""
    values: dict[str, object] = {"sender": turn.needs.settings.sender_name}
    if item is not None:
        values["options"] = options_of(item, turn.wording)
    line = Line(f"{name}:{turn.inbound.provider_id}", Phrase(name, values), kind, family)
    turn.outlet.say(line, listener(turn))


def ask(
    turn: Turn, survey: Survey, item: Item, *, lead: Lead | None = None, answered: str | None = None
) -> None:
    """Ask one item; the conversation now waits for its answer. `answered` is what a correction would mean."""
    item = survey.instrument.item(item.id)  # the intake names items in the language of the released file
    conversation = survey.conversation
    if conversation.item_id != item.id:
        conversation.misreadings = 0
    conversation.item_id = item.id
    conversation.answered_item = answered
    move(turn, survey, ConversationState.ACTIVE)
    asked = survey.instrument.applicable(survey.answers, survey.origin.items)
    number = next((n for n, other in enumerate(asked, start=1) if other.id == item.id), 1)
    said, keeps = (lead.phrase, lead.must_be_said) if lead is not None else (None, False)
    prompt = Prompt(prompt_key(survey), item, number, max(len(asked), number), said, keeps)
    turn.outlet.ask(prompt, listener(turn))


def move(turn: Turn, survey: Survey, state: ConversationState) -> None:
    """Bring a conversation into a state; timers of earlier turns mean nothing from here on."""
    conversation = survey.conversation
    conversation.state = state
    conversation.channel = turn.inbound.channel
    conversation.turn += 1
    conversation.updated_at = turn.inbound.received_at
    turn.session.flush()


def listener(turn: Turn) -> Listener:
    """Return to whom a turn speaks."""
    return Listener(turn.wording, turn.survey.invitation if turn.survey is not None else None)


def prompt_key(survey: Survey) -> str:
    """Return the key of the question that waits for an answer; it names the item."""
    conversation = survey.conversation
    return f"question:{conversation.id}:{conversation.turn}:{conversation.item_id}"


def asked_by(key: str) -> Asked | None:
    """Return what a question's key names; None for any other message."""
    kind, _, rest = key.partition(SEPARATOR)[0].partition(":")
    parts = rest.split(":", 2)
    if kind != "question" or len(parts) != 3:
        return None
    return Asked(int(parts[0]), int(parts[1]), parts[2])


def asks_item(key: str, conversation_id: int, item_id: str) -> bool:
    """Tell whether a message asked one item of one conversation."""
    asked = asked_by(key)
    return asked is not None and (asked.conversation_id, asked.item_id) == (conversation_id, item_id)


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

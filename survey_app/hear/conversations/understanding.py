"""Understanding: from what came in to a reading, seen from the question it answers."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.model import Item
from survey_app.ask.population.consent import is_suppressed
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.prompts import prompts_to
from survey_app.hear.conversations.questions import START, label_said, question_of
from survey_app.hear.conversations.saying import asked_by
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.reading import model as reading
from survey_app.hear.reading.model import Intent, Reading
from survey_app.hear.reading.reader import read
from survey_app.hear.responses.tables import Channel

KEYS = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reply means, and the question it names by itself: a button tapped, a message replied to.

    Foreign is a reply that names something else: a question of another survey, or of nobody we know.
    """

    reading: Reading
    named: Item | None = None
    is_foreign: bool = False


def understand(turn: Turn) -> Meaning:
    """Read a reply to the question it names, or to the open one."""
    survey = turn.survey or turn.late
    named, is_foreign = _named(turn, survey) if survey is not None else (None, False)
    item = named or (survey.open_item if survey is not None else None)
    return Meaning(read_as(turn, survey, item, tapped=named is not None), named, is_foreign)


def read_as(turn: Turn, survey: Survey | None, item: Item | None, *, tapped: bool = False) -> Reading:
    """Read a reply as one to an item; without an item as one to the invitation."""
    inbound = turn.inbound
    said = label_said(item, inbound.body) if item is not None and not inbound.is_provider_stop else None
    if said is not None and not inbound.button_payload:
        return Reading(Intent.ANSWER, said, rule="label")
    question = question_of(item) if item is not None else START if survey is not None else None
    context = reading.Context(
        opted_out=is_suppressed(turn.session, turn.address_index),
        session=_session(turn),
        prev_answered=survey is not None and bool(survey.answers),
        questions_remaining=survey.n_remaining if survey is not None else 1,
        channel=channel_of(inbound),
        n_media=inbound.n_media,
        button_payload=inbound.button_payload if tapped else "",
        opt_out_type=inbound.opt_out_type,
    )
    return read(inbound.body, question, language=survey.origin.language if survey else "en", context=context)


def channel_of(inbound: Inbound) -> reading.Channel:
    """Return how the words reached us, as far as it changes their meaning."""
    if inbound.channel is not Channel.VOICE:
        return reading.Channel.WHATSAPP if inbound.channel is Channel.WHATSAPP else reading.Channel.TEXT
    return reading.Channel.KEYS if KEYS.issuperset(inbound.body) else reading.Channel.SPEECH


def _session(turn: Turn) -> reading.Session:
    if turn.survey is not None:
        return reading.Session.OPEN
    expired = turn.late is not None and turn.late.conversation.state is ConversationState.EXPIRED
    return reading.Session.EXPIRED if expired else reading.Session.NONE


def _named(turn: Turn, survey: Survey) -> tuple[Item | None, bool]:
    inbound = turn.inbound
    token = _token_of(inbound.button_payload)
    if not token and not inbound.replied_to:
        return None, False
    for row in prompts_to(turn.session, turn.address_index):
        if token == row.callback_token or (not token and inbound.replied_to == row.provider_id):
            return _item_of(row.key, survey)
    return None, bool(token)


def _item_of(key: str, survey: Survey) -> tuple[Item | None, bool]:
    asked = asked_by(key)
    if asked is None:
        return None, False  # an invitation: its button says "start"
    mine = asked.conversation_id == survey.conversation.id
    return (survey.instrument.item(asked.item_id), False) if mine else (None, True)


def _token_of(payload: str) -> str:
    parts = payload.split(":")
    return parts[1] if len(parts) == 3 and parts[0] == "a" else ""

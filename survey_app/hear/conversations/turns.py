"""One turn of a text conversation: danger and the wish to stop come first, the open question last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Item
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import BadPhone, parse_phone, phone_index
from survey_app.ask.sending.outbox import is_waiting
from survey_app.ask.sending.tables import MessageKind
from survey_app.hear.conversations import calling, stopping
from survey_app.hear.conversations.answering import answer, back, misread, start
from survey_app.hear.conversations.finding import latest_closed, place_of, survey_of
from survey_app.hear.conversations.inbound import Inbound, claim, note
from survey_app.hear.conversations.questions import START, code_of, label_said, question_of
from survey_app.hear.conversations.saying import ask, prompt_key, say, say_once_a_day
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Conversing, Survey, Turn
from survey_app.hear.reading import model as reading
from survey_app.hear.reading.model import DistressKind, Intent, Reading
from survey_app.hear.reading.reader import read
from survey_app.hear.safeguarding.alerts import Distress, raise_alert

__all__ = ["Conversing", "Inbound", "take_turn"]

LATELY = dt.timedelta(days=4)
SILENT = frozenset({Intent.AUTO_REPLY})
SIGNPOST_OF = {DistressKind.CRISIS: "crisis", DistressKind.EMERGENCY: "emergency"}


def take_turn(session: Session, inbound: Inbound, needs: Conversing) -> Intent | None:
    """Give one inbound text its effect and return what it was read as; None for a text already seen."""
    if not claim(session, inbound, needs.keys):
        return None
    index = phone_index(needs.keys, inbound.sender)
    turn = Turn(session, inbound, needs, index, survey_of(session, inbound, index, needs))
    meaning = _read(turn)
    note(
        session,
        inbound,
        intent=meaning.intent,
        conversation_id=turn.survey.conversation.id if turn.survey else None,
    )
    if not _protect(turn, meaning) and meaning.intent not in SILENT:
        carry_on = calling.contact if calling.is_meant(turn, meaning.intent) else _converse
        carry_on(turn, meaning)
    return meaning.intent


def _read(turn: Turn) -> Reading:
    survey = turn.survey
    item = survey.open_item if survey is not None else None
    label = (
        label_said(item, turn.inbound.body)
        if item is not None and not turn.inbound.is_provider_stop
        else None
    )
    if label is not None:
        return Reading(Intent.ANSWER, label, rule="label")
    question = question_of(item) if item is not None else START if survey is not None else None
    context = reading.Context(
        opted_out=is_suppressed(turn.session, turn.address_index),
        session=reading.Session.OPEN if survey is not None else reading.Session.NONE,
        prev_answered=survey is not None and bool(survey.answers),
        n_media=turn.inbound.n_media,
        opt_out_type=turn.inbound.opt_out_type,
    )
    return read(
        turn.inbound.body, question, language=survey.origin.language if survey else "en", context=context
    )


def _protect(turn: Turn, meaning: Reading) -> bool:
    """Act on danger and on the wish to stop, on both where both are meant; tell whether that was all."""
    meant = {meaning.intent, *meaning.also}
    if Intent.DISTRESS in meant:
        _signpost(turn, meaning.kind or DistressKind.LOWMOOD)
    if Intent.OPTOUT in meant:
        stopping.stop(turn)
    elif meant & {Intent.WRONG_PERSON, Intent.DECEASED}:
        stopping.wrong_number(turn, answer=Intent.WRONG_PERSON in meant)
    return bool(meant & {Intent.DISTRESS, Intent.OPTOUT, Intent.WRONG_PERSON, Intent.DECEASED})


def _signpost(turn: Turn, kind: DistressKind) -> None:
    inbound = turn.inbound
    place_id = turn.survey.invitation.place_id if turn.survey else place_of(turn.session, turn.address_index)
    distress = Distress(
        inbound.provider_id, kind, inbound.sender, inbound.body, inbound.received_at, place_id
    )
    raise_alert(turn.session, distress, keys=turn.needs.keys, settings=turn.needs.settings)
    say_once_a_day(turn, SIGNPOST_OF.get(kind, "concern"), family="signpost", kind=MessageKind.SIGNPOST)


def _converse(turn: Turn, meaning: Reading) -> None:
    if turn.survey is None:
        return _outside(turn)
    if turn.inbound.opt_out_type == "HELP":  # the provider has sent the help text we gave it
        return None
    if meaning.intent in SAME_ANYWHERE:
        return say(turn, SAME_ANYWHERE[meaning.intent])
    if meaning.intent is Intent.DECLINE:
        return _not_now(turn, turn.survey)
    item = turn.survey.open_item
    if item is None:
        return _before_start(turn, turn.survey, meaning)
    return _at_question(turn, turn.survey, item, meaning)


SAME_ANYWHERE = {Intent.HELP: "help", Intent.LANGUAGE_REQUEST: "language"}


def _outside(turn: Turn) -> None:
    if not _is_cheap_to_answer(turn.inbound.sender):
        return
    ended = latest_closed(turn.session, turn.address_index, since=turn.inbound.received_at - LATELY)
    name = {ConversationState.COMPLETED: "finished_already", ConversationState.EXPIRED: "late_closed"}
    text = name.get(ended.state, "no_survey") if ended is not None else "no_survey"
    say_once_a_day(turn, text, family="outside")


def _is_cheap_to_answer(sender: str) -> bool:
    # Strangers can make us text premium and foreign numbers, and earn on every reply.
    try:
        return bool(parse_phone(sender))
    except BadPhone:
        return False


def _not_now(turn: Turn, survey: Survey) -> None:
    survey.conversation.state = ConversationState.DECLINED
    survey.conversation.item_id = None
    survey.conversation.updated_at = turn.inbound.received_at
    turn.session.flush()
    say(turn, "later")


def _before_start(turn: Turn, survey: Survey, meaning: Reading) -> None:
    if meaning.intent is Intent.OPTIN or (meaning.intent is Intent.ANSWER and meaning.value == 1):
        return start(turn, survey)
    if meaning.intent is Intent.ANSWER:
        return _not_now(turn, survey)
    return say_once_a_day(turn, "reminder", family="how to start")


def _at_question(turn: Turn, survey: Survey, item: Item, meaning: Reading) -> None:
    if meaning.intent not in COMMANDS and is_waiting(turn.session, prompt_key(survey)):
        return (
            None  # a second text on the heels of the first: it cannot mean a question that has not left yet
        )
    if not item.options and meaning.intent not in COMMANDS:
        return answer(turn, survey, item, turn.inbound.body.strip())
    if meaning.intent is Intent.ANSWER:
        return answer(turn, survey, item, meaning.value)
    if meaning.intent in {Intent.SKIP, Intent.DONT_KNOW, Intent.NOT_APPLICABLE}:
        return answer(turn, survey, item, code_of(item, meaning.intent))
    return COMMANDS.get(meaning.intent, misread)(turn, survey, item)


def _text_only(turn: Turn, survey: Survey, item: Item) -> None:
    del survey
    say(turn, "text_only", item=item)


# A correction is about the question before: it is asked again, so that nothing is stored by guess.
COMMANDS: dict[Intent, Callable[[Turn, Survey, Item], None]] = {
    Intent.BACK: back,
    Intent.CORRECTION: back,
    Intent.REPEAT: ask,
    Intent.MEDIA_ONLY: _text_only,
}

"""Replying to a reply: which question it answers is settled before anything is stored."""

from __future__ import annotations

from collections.abc import Callable

from survey_app.ask.instruments.model import Item
from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Helped
from survey_app.hear.conversations.answering import answer, answer_several, back, correct, misread
from survey_app.hear.conversations.ending import start
from survey_app.hear.conversations.pausing import decline
from survey_app.hear.conversations.prompts import Aim, aim_of
from survey_app.hear.conversations.questions import code_of
from survey_app.hear.conversations.saying import ask, say
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.conversations.understanding import Meaning, read_as
from survey_app.hear.reading.model import Intent, Reading

VALUED = frozenset({Intent.ANSWER, Intent.LATE_ANSWER, Intent.CORRECTION})
UNANSWERED = frozenset({Intent.SKIP, Intent.DONT_KNOW, Intent.NOT_APPLICABLE})


def before_start(turn: Turn, survey: Survey, meaning: Meaning) -> None:
    """Begin or go on, take a no, or say once a day how to begin."""
    said = meaning.reading
    if meaning.named is not None and said.intent in VALUED:
        # A button tapped after a pause is an answer to its question, and no "no" to ours.
        return correct(turn, survey, meaning.named, said.value)
    if _goes_on(turn, survey, said) or said.intent is Intent.OPTIN:
        return start(turn, survey)
    if said.intent is Intent.ANSWER:
        return decline(turn, survey)
    return say(turn, "reminder", family="how to start")


def _goes_on(turn: Turn, survey: Survey, said: Reading) -> bool:
    # Whoever paused still sees the last question on their phone: a number is an answer to it, not a "no".
    paused = survey.conversation.state is ConversationState.PAUSED
    if paused and (said.rule == "out_of_range" or turn.inbound.body.strip().isdigit()):
        return True
    return said.intent is Intent.ANSWER and said.value == 1


def at_question(turn: Turn, survey: Survey, item: Item, meaning: Meaning) -> None:
    """Give a reply its effect on the question it is aimed at."""
    said = meaning.reading
    if said.intent in COMMANDS:
        return COMMANDS[said.intent](turn, survey, item)
    if meaning.named is not None and meaning.named != item:
        return _earlier(turn, survey, meaning.named, said)
    if said.intent is Intent.CORRECTION:
        return _corrected(turn, survey, item, said)
    aim = Aim.OPEN if meaning.named is not None else _aim(turn, survey, item, said)
    if meaning.is_foreign or aim is Aim.NEITHER:
        return again(turn, survey)
    if aim is Aim.PREVIOUS:
        return _second_thought(turn, survey)
    return _answered(turn, survey, item, said)


def again(turn: Turn, survey: Survey) -> None:
    """Ask the open question again, or the first one that was not answered elsewhere meanwhile."""
    item = None if survey.is_answered_elsewhere else survey.open_item
    if item is None:
        return start(turn, survey)
    return ask(turn, survey, item)


def _aim(turn: Turn, survey: Survey, item: Item, said: Reading) -> Aim:
    value = said.value
    if value is None and turn.inbound.body.strip() == "1":
        value = 1
    return aim_of(turn, survey, item, value)


def _answered(turn: Turn, survey: Survey, item: Item, said: Reading) -> None:
    if not item.options and said.intent not in UNANSWERED:
        return answer(turn, survey, item, turn.inbound.body.strip())
    if said.on_behalf:
        invitations.say_who_helps(turn.session, survey.invitation.id, Helped.ON_BEHALF)
        survey = survey.helped(Helped.ON_BEHALF)
    if said.intent in {Intent.ANSWER, Intent.LATE_ANSWER}:
        return answer(turn, survey, item, said.value)
    if said.intent in UNANSWERED:
        return answer(turn, survey, item, code_of(item, said.intent))
    if said.intent is Intent.MULTI:
        return answer_several(turn, survey, item, said.values)
    if survey.conversation.state is ConversationState.HANDED_OVER:
        return None  # people have taken over: only an answer brings the survey back
    return misread(turn, survey, item)


def _corrected(turn: Turn, survey: Survey, item: Item, said: Reading) -> None:
    before = _before(survey)
    if before is None or said.value not in {option.code for option in before.options}:
        return back(turn, survey, item)
    return correct(turn, survey, before, said.value)


def _second_thought(turn: Turn, survey: Survey) -> None:
    # A second reply on the heels of the first: the same again means nothing, another value replaces it.
    before = _before(survey)
    if before is None:
        # The 1 that begins, sent twice; other words may answer the question, and silence would leave it open.
        return None if turn.inbound.body.strip() == "1" else again(turn, survey)
    said = read_as(turn, survey, before)
    if said.intent not in VALUED or said.value == survey.answers.get(before.id):
        return None
    return correct(turn, survey, before, said.value)


def _earlier(turn: Turn, survey: Survey, named: Item, said: Reading) -> None:
    if said.intent not in VALUED:
        return again(turn, survey)
    if survey.answers.get(named.id) == said.value:
        return None
    return correct(turn, survey, named, said.value)


def _before(survey: Survey) -> Item | None:
    item_id = survey.conversation.answered_item
    return survey.instrument.item(item_id) if item_id is not None else None


def _text_only(turn: Turn, survey: Survey, item: Item) -> None:
    del survey
    say(turn, "text_only", item=item)


COMMANDS: dict[Intent, Callable[[Turn, Survey, Item], None]] = {
    Intent.BACK: back,
    Intent.REPEAT: ask,
    Intent.MEDIA_ONLY: _text_only,
}

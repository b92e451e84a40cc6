"""Answering the open question: the answer goes to the intake, and the next question, or thanks, goes out."""

from __future__ import annotations

from survey_app.ask.instruments.model import Item
from survey_app.hear.conversations.outlets import Phrase
from survey_app.hear.conversations.saying import ask, say
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.responses import intake
from survey_app.hear.responses.submission import Outcome, Receipt, Submission

MOST_MISREADINGS = 3


def answer(turn: Turn, survey: Survey, item: Item, raw: int | str | None) -> None:
    """Store an answer (None: a skip) to the open item and go on."""
    submission = Submission(
        channel=turn.inbound.channel,
        key=turn.inbound.provider_id,
        origin=survey.origin,
        answers={item.id: raw},
        received_at=turn.inbound.received_at,
    )
    receipt = intake.accept(turn.session, submission, turn.needs.library)
    if receipt.outcome is Outcome.REFUSED:
        return misread(turn, survey, item)
    return go_on(turn, survey, receipt, lead=_echo(item, raw))


def go_on(turn: Turn, survey: Survey, receipt: Receipt, *, lead: Phrase | None = None) -> None:
    """Ask what comes next, or thank."""
    if receipt.outcome is Outcome.CLOSED:
        return _end(turn, survey, ConversationState.EXPIRED, "late_closed")
    if receipt.outcome is Outcome.ALREADY_FINISHED:
        return _end(turn, survey, ConversationState.COMPLETED, "finished_already")
    if receipt.next_item is None:
        return _end(turn, survey, ConversationState.COMPLETED, "thanks")
    return ask(turn, survey, receipt.next_item, lead=lead)


def start(turn: Turn, survey: Survey) -> None:
    """Ask the first item that has no answer yet: some may have been answered on the web."""
    item = survey.instrument.next_item(survey.answers, survey.origin.items)
    if item is None:
        return _end(turn, survey, ConversationState.COMPLETED, "finished_already")
    return ask(turn, survey, item)


def misread(turn: Turn, survey: Survey, item: Item) -> None:
    """Ask once more in other words, then offer the link and SKIP, then leave the item out and go on."""
    conversation = survey.conversation
    conversation.misreadings += 1
    conversation.updated_at = turn.inbound.received_at
    turn.session.flush()
    if conversation.misreadings >= MOST_MISREADINGS:
        return answer(turn, survey, item, None)
    return say(turn, "reask" if conversation.misreadings == 1 else "reask_last", item=item)


def back(turn: Turn, survey: Survey, item: Item) -> None:
    """Ask the previous item again; its answer stands until another comes."""
    previous = survey.instrument.previous_item(item, survey.answers, survey.origin.items)
    if previous is None:
        return say(turn, "back_none")
    return ask(turn, survey, previous)


def _echo(item: Item, raw: int | str | None) -> Phrase | None:
    if not isinstance(raw, int) or not item.options:
        return None
    return Phrase("got_short", {"answer": f"{raw} ({item.option(raw).label})"})


def _end(turn: Turn, survey: Survey, state: ConversationState, text: str) -> None:
    survey.conversation.state = state
    survey.conversation.item_id = None
    survey.conversation.updated_at = turn.inbound.received_at
    turn.session.flush()
    say(turn, text)

"""Answering: what was meant goes to the intake, and the next question, or thanks, goes out."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.ask.instruments.model import Item
from survey_app.ask.sending import outbox
from survey_app.hear.conversations.ending import LATELY, end
from survey_app.hear.conversations.outlets import Phrase
from survey_app.hear.conversations.pausing import pause
from survey_app.hear.conversations.saying import Lead, ask, say
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.responses import intake
from survey_app.hear.responses.submission import Outcome, Receipt, Submission

MOST_MISREADINGS = 3


def answer(turn: Turn, survey: Survey, item: Item, raw: int | str | None) -> None:
    """Store an answer (None: a skip) to the open item and go on."""
    receipt = submit(turn, survey, {item.id: raw})
    if receipt.outcome is Outcome.REFUSED:
        return misread(turn, survey, item)
    return go_on(turn, survey, receipt, lead=echo(item, raw), answered=item.id)


def answer_several(turn: Turn, survey: Survey, item: Item, values: tuple[int, ...]) -> None:
    """Store values for the open item and those after it, in order, if every one of them fits."""
    given = _in_order(survey, item, values)
    if given is None:
        return misread(turn, survey, item)
    receipt = submit(turn, survey, given)
    if receipt.outcome is Outcome.REFUSED:
        return misread(turn, survey, item)
    lead = Lead(Phrase("got_short", {"answer": ", ".join(map(str, values))}), must_be_said=True)
    return go_on(turn, survey, receipt, lead=lead, answered=list(given)[-1])


def correct(turn: Turn, survey: Survey, before: Item, value: int | str | None) -> None:
    """Put another answer in the place of one given before, say so, and ask the open question again."""
    receipt = submit(turn, survey, {before.id: value})
    if receipt.outcome is not Outcome.STORED or receipt.next_item is None:
        return go_on(turn, survey, receipt, answered=before.id)
    if survey.invitation is not None:
        outbox.withdraw(turn.session, invitation_id=survey.invitation.id)
    code = value if isinstance(value, int) else None
    still_asked = survey.instrument.applicable({**survey.answers, before.id: code}, survey.origin.items)
    is_open = survey.open_item in still_asked and not survey.is_answered_elsewhere
    item = survey.open_item if is_open else receipt.next_item
    return ask(
        turn,
        survey,
        item or receipt.next_item,
        lead=echo(before, value, must_be_said=True),
        answered=before.id,
    )


def answer_late(turn: Turn, survey: Survey, item: Item, value: int | None) -> None:
    """Keep one clear answer to the last question asked, though the survey has ended; no other is taken."""
    receipt = submit(turn, survey, {item.id: value})
    if receipt.outcome is not Outcome.STORED:
        return say(turn, "late_closed", family="outside")
    survey.conversation.item_id = None
    survey.conversation.updated_at = turn.inbound.received_at
    turn.session.flush()
    return say(turn, "late_kept")


def submit(turn: Turn, survey: Survey, answers: Mapping[str, int | str | None]) -> Receipt:
    """Hand answers to the intake; one message is one submission, so that a repeat changes nothing."""
    submission = Submission(
        channel=turn.inbound.channel,
        key=turn.inbound.provider_id,
        origin=survey.origin,
        answers=answers,
        received_at=turn.inbound.received_at,
        grace=LATELY,
        helped=survey.invitation.helped,
    )
    return intake.accept(turn.session, submission, turn.needs.library)


def go_on(
    turn: Turn, survey: Survey, receipt: Receipt, *, lead: Lead | None = None, answered: str | None = None
) -> None:
    """Ask what comes next, or thank."""
    if receipt.outcome is Outcome.CLOSED:
        return end(turn, survey, ConversationState.EXPIRED, "late_closed")
    if receipt.outcome is Outcome.ALREADY_FINISHED:
        return end(turn, survey, ConversationState.COMPLETED, "finished_already")
    if receipt.next_item is None:
        return end(turn, survey, ConversationState.COMPLETED, "thanks")
    return ask(turn, survey, receipt.next_item, lead=lead, answered=answered)


def misread(turn: Turn, survey: Survey, item: Item) -> None:
    """Ask once more in other words, then offer the link and SKIP, then leave the item out and pause."""
    conversation = survey.conversation
    conversation.misreadings += 1
    conversation.updated_at = turn.inbound.received_at
    turn.session.flush()
    if conversation.misreadings < MOST_MISREADINGS:
        return say(turn, "reask" if conversation.misreadings == 1 else "reask_last", item=item)
    receipt = submit(turn, survey, {item.id: None})
    if receipt.next_item is None:
        return go_on(turn, survey, receipt)
    return pause(turn, survey, "paused")


def back(turn: Turn, survey: Survey, item: Item) -> None:
    """Ask the previous item again; its answer stands until another comes."""
    previous = survey.instrument.previous_item(item, survey.answers, survey.origin.items)
    if previous is None:
        return say(turn, "back_none")
    return ask(turn, survey, previous)


def echo(item: Item, raw: int | str | None, *, must_be_said: bool = False) -> Lead | None:
    """Return what we took an answer for, to be said before the next question."""
    if not isinstance(raw, int) or not item.options:
        return None
    return Lead(Phrase("got_short", {"answer": f"{raw} ({item.option(raw).label})"}), must_be_said)


def _in_order(survey: Survey, item: Item, values: tuple[int, ...]) -> dict[str, int | str | None] | None:
    answers = dict(survey.answers)
    given: dict[str, int | str | None] = {}
    at: Item | None = item
    for value in values:
        if at is None or at.id in given or value not in {option.code for option in at.options}:
            return None
        given[at.id] = answers[at.id] = value
        at = survey.instrument.next_item(answers, survey.origin.items)
    return given

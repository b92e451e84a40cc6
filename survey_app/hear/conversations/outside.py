"""Outside a survey: strangers, people who have finished, and people who answer a little late."""

from __future__ import annotations

from survey_app.ask.outreach.tables import InvitationState
from survey_app.ask.population.phones import BadPhone, parse_phone
from survey_app.hear.conversations.answering import answer_late
from survey_app.hear.conversations.ending import LATELY
from survey_app.hear.conversations.prompts import Aim, aim_of
from survey_app.hear.conversations.saying import say
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Turn
from survey_app.hear.conversations.understanding import Meaning
from survey_app.hear.reading.model import Intent

__all__ = ["LATELY", "outside"]

STILL_ASKED = (InvitationState.OPEN, InvitationState.EXPIRED)
LAST_WORD = {ConversationState.COMPLETED: "finished_already", ConversationState.EXPIRED: "late_closed"}


def outside(turn: Turn, meaning: Meaning) -> None:
    """Keep one late answer, or say once a day what became of the survey or what this number is for."""
    if not _is_cheap_to_answer(turn.inbound.sender):
        return None
    survey = turn.late
    if survey is None:
        return say(turn, "no_survey", family="outside")
    item = survey.open_item
    if item is not None and _is_late_answer(turn, meaning):
        return answer_late(turn, survey, item, meaning.reading.value)
    return say(turn, LAST_WORD.get(survey.conversation.state, "no_survey"), family="outside")


def _is_late_answer(turn: Turn, meaning: Meaning) -> bool:
    survey, said = turn.late, meaning.reading
    item = survey.open_item if survey is not None else None
    if survey is None or item is None or said.intent is not Intent.LATE_ANSWER or meaning.is_foreign:
        return False
    if item.id in survey.answers or survey.invitation.state not in STILL_ASKED:
        return False  # answered on the web meanwhile, or the person did not want to be asked any more
    if survey.conversation.state is not ConversationState.EXPIRED or meaning.named not in (None, item):
        return False
    lately = turn.inbound.received_at < survey.conversation.expires_at + LATELY
    return lately and aim_of(turn, survey, item, said.value) is Aim.OPEN


def _is_cheap_to_answer(sender: str) -> bool:
    # Strangers can make us text premium and foreign numbers, and earn on every reply.
    try:
        return bool(parse_phone(sender))
    except BadPhone:
        return False

"""Beginning and ending: a survey starts where answers are missing, and the next one waits behind it."""

from __future__ import annotations

import datetime as dt

from survey_app.hear.conversations.finding import next_waiting
from survey_app.hear.conversations.outlets import Line, Listener, Phrase
from survey_app.hear.conversations.saying import ask, move, say
from survey_app.hear.conversations.tables import HELD_STATES, ConversationState
from survey_app.hear.conversations.timers import set_timers
from survey_app.hear.conversations.turn import Survey, Turn

LATELY = dt.timedelta(days=4)
"""So long after its end a survey still explains itself, and takes one answer to its last question."""


def start(turn: Turn, survey: Survey) -> None:
    """Ask the first item that has no answer yet: some may have been answered on the web or by phone."""
    item = survey.next_item
    if item is None:
        return end(turn, survey, ConversationState.COMPLETED, "finished_already")
    set_timers(turn.session, survey.conversation, turn.inbound.received_at)
    return ask(turn, survey, item)


def end(turn: Turn, survey: Survey, state: ConversationState, text: str) -> None:
    """End a conversation, and begin with the next survey that waits for the same phone."""
    survey.conversation.item_id = None
    move(turn, survey, state)
    say(turn, text)
    _offer_next(turn)


def _offer_next(turn: Turn) -> None:
    # Two people may share a phone: a survey goes by its title, never by a name. A no is not asked again.
    behind = next_waiting(turn.session, turn.address_index, turn.inbound.received_at, among=HELD_STATES)
    if behind is None:
        return
    title = turn.needs.library.get(behind.instrument_id, behind.instrument_version).title
    line = Line(f"next_survey:{turn.inbound.provider_id}", Phrase("next_survey", {"title": title}))
    turn.outlet.say(line, Listener(turn.needs.wording.in_language(behind.language), behind))

"""Asking to be called, by text: one word more than the wish makes it a task with consent."""

from __future__ import annotations

import re

from survey_app.hear.conversations.people import place_of
from survey_app.hear.conversations.saying import say
from survey_app.hear.conversations.turn import Turn
from survey_app.hear.conversations.understanding import Meaning
from survey_app.hear.reading.model import Intent
from survey_app.hear.safeguarding import callbacks

CALL_ME = re.compile(r"\W*call\s*me\W*", re.IGNORECASE)
"""What the text `contact` asks for, in every language: words nobody writes by chance."""


def is_meant(turn: Turn, intent: Intent) -> bool:
    """Tell whether a text is about reaching a person; strangers without a survey are not told how."""
    if turn.survey is not None and intent is Intent.CONTACT_REQUEST:
        return True
    return CALL_ME.fullmatch(turn.inbound.body) is not None and _place(turn) is not None


def contact(turn: Turn, _meaning: Meaning) -> None:
    """Say that nobody reads this number and how to be called; whoever sends those very words, will be."""
    if not CALL_ME.fullmatch(turn.inbound.body):
        return say(turn, "contact")
    request = callbacks.CallRequest(
        source=f"text:{turn.inbound.provider_id}",
        number=turn.inbound.sender,
        place_id=_place(turn),
        language=turn.survey.origin.language if turn.survey else "en",
        consent=callbacks.TEXT_CONSENT,
        at=turn.inbound.received_at,
    )
    callbacks.ask(turn.session, request, keys=turn.needs.keys, settings=turn.needs.settings)
    return say(turn, "call_back")


def _place(turn: Turn) -> str | None:
    return turn.survey.invitation.place_id if turn.survey else place_of(turn.session, turn.address_index)

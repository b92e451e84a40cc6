"""Languages by the names people give them, so that "po polsku" and "in Polish please" are understood."""

from __future__ import annotations

import re

from survey_app.ask.outreach import invitations
from survey_app.hear.conversations.ending import start
from survey_app.hear.conversations.saying import ask, say
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Survey, Turn
from survey_app.hear.reading.wording import SOURCE, Wording

NAMES = {
    "en": ("english", "saesneg", "angielsku", "angielski", "engleza", "engleză"),
    "cy": ("welsh", "cymraeg", "gymraeg"),
    "pl": ("polish", "polski", "polsku", "polskim"),
    "ro": ("romanian", "romana", "română", "romaneste", "românește", "româneşte"),
    "pa": ("punjabi", "panjabi", "ਪੰਜਾਬੀ"),
    "ur": ("urdu", "اردو"),
    "ar": ("arabic", "عربي", "العربية", "عربية", "بالعربية", "بالعربي"),
    "bn": ("bengali", "bangla", "বাংলা", "বাংলায়"),
}
"""Each language as it is called in English and by those who speak it."""

NOT_LETTERS = re.compile(r"[\s.,;:!?()\"'-]+")


def switch(turn: Turn, survey: Survey) -> None:
    """Go on in the language somebody asked for, if we have it; else say where there are others."""
    language = named_in(turn.inbound.body, turn.needs.wording)
    if language is None or language == survey.origin.language:
        return say(turn, "language")
    invitations.speak(turn.session, survey.invitation.id, language)
    turned = survey.in_language(language)
    return _go_on(turn.about(turned), turned)


def named_in(text: str, wording: Wording) -> str | None:
    """Return the one language a text names, if we can write it."""
    words = set(NOT_LETTERS.split(text.casefold()))
    named = [code for code, names in NAMES.items() if words.intersection(names)]
    known = {SOURCE, *wording.others}
    return named[0] if len(named) == 1 and named[0] in known else None


def _go_on(turn: Turn, survey: Survey) -> None:
    item = survey.open_item
    if item is None:
        return start(turn, survey)
    if survey.conversation.state is not ConversationState.ACTIVE:
        return say(turn, "help")
    return ask(turn, survey, item)

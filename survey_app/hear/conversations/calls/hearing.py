"""Hearing: whether a key or some words mean anything to the question that was asked."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.model import Item
from survey_app.hear.conversations.questions import START, label_said, question_of
from survey_app.hear.conversations.turn import Survey
from survey_app.hear.reading.model import Channel, Context, Intent, Session
from survey_app.hear.reading.reader import read

SURE = 0.6
"""The provider's confidence from which on a spoken answer is taken; below it we ask for a key."""
HEARD_ANYWAY = frozenset({Intent.DISTRESS, Intent.OPTOUT, Intent.REPEAT, Intent.HELP})
"""Wrongly heard, these cost little; missed, they cost a lot."""
MEANINGLESS = frozenset(
    {
        Intent.UNCLEAR,
        Intent.MULTI,
        Intent.EMPTY,
        Intent.ABUSE,
        Intent.AUTO_REPLY,
        Intent.MEDIA_ONLY,
        Intent.LATE_ANSWER,
        Intent.NO_OPEN_QUESTION,
    }
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in at one step: keys, or words and how sure the provider is of them, or nothing."""

    keys: str = ""
    words: str = ""
    confidence: float = 0.0

    def __repr__(self) -> str:
        return "Heard(...)"

    @property
    def body(self) -> str:
        """Return what is to be read."""
        return self.keys or self.words

    @property
    def sure(self) -> bool:
        """Return whether an answer can be taken from it."""
        return bool(self.keys) or self.confidence >= SURE


def understood(heard: Heard, survey: Survey | None, item: Item | None) -> Intent | None:
    """Return what was meant, or None where nothing was, or not surely enough."""
    if not heard.body.strip("# "):
        return None
    intent = _intent(heard, survey, item)
    if intent in MEANINGLESS or (not heard.sure and intent not in HEARD_ANYWAY):
        return None
    return intent


def _intent(heard: Heard, survey: Survey | None, item: Item | None) -> Intent:
    if item is not None and label_said(item, heard.body) is not None:
        return Intent.ANSWER
    question = question_of(item) if item is not None else START if survey is not None else None
    context = Context(
        session=Session.OPEN if question is not None else Session.NONE,
        prev_answered=survey is not None and bool(survey.answers),
        channel=Channel.KEYS if heard.keys else Channel.SPEECH,
    )
    language = survey.origin.language if survey is not None else "en"
    return read(heard.body, question, language=language, context=context).intent

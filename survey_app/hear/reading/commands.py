"""Requests about the survey itself: help, back, repeat, skip, later, another language, somebody to ring."""

from __future__ import annotations

import re

from survey_app.hear.reading.model import Channel, Context, Intent, Question
from survey_app.hear.reading.words import FALLBACK, Words, others, words_for

_ONLY_QUESTION_MARKS = re.compile(r"\s*\?[\s?!]*")
# Requests a person wrote as a sentence come first, then single commands.
_ORDER = (
    Intent.DONT_KNOW,
    Intent.NOT_APPLICABLE,
    Intent.DECLINE,
    Intent.BACK,
    Intent.REPEAT,
    Intent.SKIP,
    Intent.LANGUAGE_REQUEST,
    Intent.HELP,
    Intent.CONTACT_REQUEST,
)
# Texts of every language name these commands in English, as telephones and carriers know them.
_OUR_WORDS = (Intent.BACK, Intent.REPEAT, Intent.SKIP, Intent.HELP)


def command_in(text: str, words: str, language: Words) -> Intent | None:
    """
    The request a text makes, if it makes one.

    Parameters
    ----------
    text : str
        Normalised text.
    words : str
        Its words.
    language : Words
        The words of the session's language.

    Returns
    -------
    Intent or None
        None where the text asks for nothing.
    """
    if _ONLY_QUESTION_MARKS.fullmatch(text):
        return Intent.HELP
    own = next((intent for intent in _ORDER if language.says(intent.value, words)), None)
    return own if own is not None else _beside(words, language)


def _beside(words: str, language: Words) -> Intent | None:
    english = words_for(FALLBACK)
    if any(other.says_anywhere(Intent.LANGUAGE_REQUEST.value, words) for other in others(language)):
        return Intent.LANGUAGE_REQUEST
    core = english.core(words)
    return next((intent for intent in _OUR_WORDS if english.rule(intent.value).full.fullmatch(core)), None)


def key_command(text: str, question: Question | None, context: Context) -> Intent | None:
    """
    The meaning of a telephone key that is no answer.

    Parameters
    ----------
    text : str
        The keys pressed.
    question : Question or None
        The open question.
    context : Context
        Keys mean this only in a call.

    Returns
    -------
    Intent or None
        REPEAT for the star, HELP for 0 where the scale has no 0.
    """
    if context.channel is not Channel.KEYS:
        return None
    if text.strip() == "*":
        return Intent.REPEAT
    if text.strip("# ") == "0" and (question is None or 0 not in question.codes):
        return Intent.HELP
    return None

"""Reads one reply: distress and the wish to stop are looked for in every text, an answer comes last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from survey_app.hear.reading.answers import corrected_value, value_in, values_in
from survey_app.hear.reading.behalf import says_for_another, without_the_other
from survey_app.hear.reading.commands import command_in, key_command
from survey_app.hear.reading.distress import distress_in
from survey_app.hear.reading.identity import identity_in
from survey_app.hear.reading.model import OPEN_CONTEXT, Context, Intent, Question, Reading, Session
from survey_app.hear.reading.normalise import normalise, sentences_of, words_of
from survey_app.hear.reading.notices import is_automatic, is_tapback, without_quotation
from survey_app.hear.reading.numbers import lone_number
from survey_app.hear.reading.optout import wants_in, wants_out
from survey_app.hear.reading.words import Words, others_alarmed, words_for

MOST_KEPT = 4096
SHORT = 2
"""Most replies are one digit, and nobody can be known by two letters: such readings are kept."""

_NEEDS_A_QUESTION = frozenset({Intent.ANSWER, Intent.MULTI, Intent.UNCLEAR, Intent.CORRECTION})


def read(
    text: str, question: Question | None, *, language: str = "en", context: Context = OPEN_CONTEXT
) -> Reading:
    """
    Say what one reply means.

    Parameters
    ----------
    text : str
        The body as received; any characters, any length (the first 320 are read).
    question : Question or None
        The question that is open, or was open last.
    language : str
        The session's language code.
    context : Context
        The moment the reply arrived in.

    Returns
    -------
    Reading
        Never a value that is not one of the question's codes; UNCLEAR where two readings are possible.

    Examples
    --------
    >>> read("Pls stop txting me", None).intent
    <Intent.OPTOUT: 'optout'>
    """
    reading = _kept if len(text) <= SHORT else _read
    return reading(text, question, language, context)


def _read(text: str, question: Question | None, language: str, context: Context) -> Reading:
    words_here = words_for(language)
    clean = without_quotation(normalise(text))
    words = words_of(clean)
    for step in (_unwritten, _safety, _person):
        reading = step(clean, words, question, context, words_here)
        if reading is not None:
            return reading
    return _in_session(_reply(clean, words, question, context, words_here), context)


_kept = lru_cache(MOST_KEPT)(_read)


Step = Callable[[str, str, Question | None, Context, Words], Reading | None]


def _unwritten(
    text: str, words: str, question: Question | None, context: Context, language: Words
) -> Reading | None:
    if context.button_payload:
        return _button(question, context)
    if not text:
        return Reading(Intent.MEDIA_ONLY if context.n_media else Intent.EMPTY, rule="no_text")
    key = key_command(text, question, context)
    if key is not None:
        return Reading(key, rule="key")
    if is_tapback(text):
        return Reading(Intent.UNCLEAR, rule="tapback")
    return Reading(Intent.AUTO_REPLY, rule="auto_reply") if is_automatic(words, language) else None


def _safety(
    text: str, words: str, question: Question | None, context: Context, language: Words
) -> Reading | None:
    del question
    beside = others_alarmed(words, language)
    kind = distress_in(words, (language, *beside))
    # Each sentence by itself too: what the others say must never hide a STOP.
    out = any(
        wants_out(part, context, language, beside) for part in dict.fromkeys((words, *sentences_of(text)))
    )
    if kind is not None:
        return Reading(Intent.DISTRESS, kind=kind, also=(Intent.OPTOUT,) if out else (), rule=kind.value)
    return Reading(Intent.OPTOUT, rule="optout") if out else None


def _person(
    text: str, words: str, question: Question | None, context: Context, language: Words
) -> Reading | None:
    del question
    if wants_in(words, context, language):
        return Reading(Intent.OPTIN, rule="optin")
    intent = identity_in(text, words, language)
    return None if intent is None else Reading(intent, rule="identity")


def _button(question: Question | None, context: Context) -> Reading | None:
    parts = context.button_payload.split(":")
    value = parts[-1]
    if len(parts) != 3 or not (value.isascii() and value.isdigit()) or question is None:
        return Reading(Intent.UNCLEAR, rule="button")
    if int(value[:9]) not in question.codes:
        return Reading(Intent.UNCLEAR, rule="out_of_range")
    stale = bool(context.current_question) and context.current_question != parts[1]
    return Reading(Intent.LATE_ANSWER if stale else Intent.ANSWER, int(value), rule="button")


def _reply(text: str, words: str, question: Question | None, context: Context, language: Words) -> Reading:
    given = _given(text, words, question, context, language)
    command = command_in(text, words, language)
    if given is not None:
        return given if command is None else replace(given, also=(command,))
    if command is not None:
        return Reading(command, rule="command")
    if language.says("abuse", words):
        return Reading(Intent.ABUSE, rule="abuse")
    outside = question is not None and lone_number(text, language) not in {None, *question.codes}
    return Reading(Intent.UNCLEAR, rule="out_of_range" if outside else "unclear")


def _given(
    text: str, words: str, question: Question | None, context: Context, language: Words
) -> Reading | None:
    if question is None:
        return None
    corrected = corrected_value(words, question, language) if context.prev_answered else None
    if corrected is not None:
        return Reading(Intent.CORRECTION, corrected, rule="correction")
    values = values_in(text, question, context)
    if values:
        return Reading(Intent.MULTI, values=values, rule="multi")
    value = value_in(text, words, question, context, language)
    if not says_for_another(words, language):
        return None if value is None else Reading(Intent.ANSWER, value, rule="answer")
    rest = without_the_other(words, language)
    value = value if value is not None else value_in(rest, rest, question, context, language)
    return None if value is None else Reading(Intent.ANSWER, value, rule="answer", on_behalf=True)


def _in_session(reading: Reading, context: Context) -> Reading:
    if context.session is Session.NONE and reading.intent in _NEEDS_A_QUESTION:
        return Reading(Intent.NO_OPEN_QUESTION, also=reading.also, rule="no_session")
    if context.session is Session.EXPIRED and reading.intent is Intent.ANSWER:
        return replace(reading, intent=Intent.LATE_ANSWER)
    return reading

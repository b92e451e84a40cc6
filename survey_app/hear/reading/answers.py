"""Which value, or values, a reply gives to the open question."""

from __future__ import annotations

import re

from survey_app.hear.reading.labels import label_in
from survey_app.hear.reading.model import Channel, Context, Question
from survey_app.hear.reading.numbers import number_in
from survey_app.hear.reading.words import Words

_VALUES = re.compile(r"\d(?:[\s,;]+\d)+[.\s]*")
_PAIR = re.compile(r"(?i)\bq(?:uestion)?\s*(\d+)\s*[.:=)\-]?\s*(\d+)\b[\s,;.]*")
_NUMBER = re.compile(r"(?<!\S)\d+(?!\S)")


def value_in(text: str, words: str, question: Question, context: Context, language: Words) -> int | None:
    """
    The one value a reply gives.

    Parameters
    ----------
    text : str
        Normalised text.
    words : str
        Its words.
    question : Question
        The open question.
    context : Context
        The channel decides on homophones.
    language : Words
        The words of the session's language.

    Returns
    -------
    int or None
        A code of the question, or None where none is clearly meant.
    """
    core = language.core(words) or words
    if core == "o" and 0 in question.codes:
        return 0
    if context.channel is Channel.SPEECH and language.speech.get(core, -1) in question.codes:
        return language.speech[core]
    named = label_in(text, words, question, language)
    return (
        named
        if named is not None or _conflicts(words, question, language)
        else number_in(text, question, language)
    )


def values_in(text: str, question: Question, context: Context) -> tuple[int, ...]:
    """
    Values of several questions answered in one text.

    Parameters
    ----------
    text : str
        Normalised text.
    question : Question
        The open question; every value must be one of its codes.
    context : Context
        How many questions are left.

    Returns
    -------
    tuple of int
        Empty unless the text is nothing but values or "Q1 5" pairs.
    """
    if not _PAIR.sub("", text).strip():
        values = tuple(int(value[:9]) for _, value in _PAIR.findall(text))
    else:
        values = tuple(map(int, re.findall(r"\d", text))) if _VALUES.fullmatch(text) else ()
    fits = 2 <= len(values) <= context.questions_remaining
    return values if fits and question.codes.issuperset(values) else ()


def corrected_value(words: str, question: Question, language: Words) -> int | None:
    """
    The value somebody puts in place of the last one.

    Parameters
    ----------
    words : str
        Words of the text.
    question : Question
        The open question; one battery shares one scale.
    language : Words
        The words of the session's language.

    Returns
    -------
    int or None
        None where the text corrects nothing, or names two values.
    """
    if not language.rule("correcting").within.search(words):
        return None
    kept = language.rule("rejected").within.sub(" ", words)
    values = {int(number[:9]) for number in _NUMBER.findall(kept)}
    return values.pop() if len(values) == 1 and values <= question.codes else None


def _conflicts(words: str, question: Question, language: Words) -> bool:
    """Tell whether a number stands beside the label of another option, or beside a yes or no.

    Parameters
    ----------
    words : str
        The normalised text.
    question : Question
        The open question.
    language : Words
        The words of its language.

    Returns
    -------
    bool
        True where number and words disagree.
    """
    rest = " ".join(_NUMBER.sub(" ", words).split())
    return bool(_NUMBER.search(words)) and label_in(rest, rest, question, language) is not None

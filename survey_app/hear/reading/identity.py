"""Replies saying that the person we write to has died, or is somebody else."""

from __future__ import annotations

import re

from survey_app.hear.reading.model import Intent
from survey_app.hear.reading.words import Words, others

_NOT_NAME = re.compile(
    r"(?i:\b(?:i'?m|i am|this is|this isn'?t|am|it'?s) (?:not )?(?:called )?)"
    r"(?:(?i:mrs?|ms|miss|dr)\.? )?[A-Z][a-z]{2,}\W*$"
)
_ENDS = (Intent.DECEASED, Intent.WRONG_PERSON)
_WHO_IS = re.compile(r"(?i:\bwho(?:'?s| is|the hell is) )[A-Z][a-z]{2,}\W*$")


def identity_in(text: str, words: str, language: Words) -> Intent | None:
    """
    Whether a text says we reached the wrong person or one who has died.

    Parameters
    ----------
    text : str
        Normalised text; its capitals tell names.
    words : str
        Its words.
    language : Words
        The words of the session's language.

    Returns
    -------
    Intent or None
        DECEASED, WRONG_PERSON or None.
    """
    if language.says("deceased", words):
        return Intent.DECEASED
    if language.says("wrong_person", words) or _denies_a_name(text) or language.not_name.search(text):
        return Intent.WRONG_PERSON
    # A phone may have gone to somebody who does not share the language of the person we ask.
    return next(
        (intent for other in others(language) for intent in _ENDS if _says(other, intent, words)), None
    )


def _says(language: Words, intent: Intent, words: str) -> bool:
    return bool(language.rule(intent.value).within.search(words)) and language.says_anywhere(
        intent.value, words
    )


def _denies_a_name(text: str) -> bool:
    denial = _NOT_NAME.search(text)
    if denial and re.search(r"(?i)\bnot\b|isn'?t", denial.group()):
        return not text.isupper()
    return bool(_WHO_IS.search(text))

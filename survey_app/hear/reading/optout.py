"""Any plain wish to stop, in any words, and the wish to start again."""

from __future__ import annotations

from collections.abc import Iterable

from survey_app.hear.reading.model import Context
from survey_app.hear.reading.words import Words


def wants_out(words: str, context: Context, language: Words, beside: Iterable[Words]) -> bool:
    """
    Whether a text asks us to stop.

    Parameters
    ----------
    words : str
        Words of the text.
    context : Context
        The moment; a carrier may have marked the text already.
    language : Words
        The words of the session's language.
    beside : iterable of Words
        Other languages the text may be in.

    Returns
    -------
    bool
        True for a wish to stop, false for stopping anything else.
    """
    if context.opt_out_type == "STOP" or language.says("optout", words):
        return True
    return any(other.says_anywhere("optout", words) for other in beside)


def wants_in(words: str, context: Context, language: Words) -> bool:
    """
    Whether someone who had left asks to come back.

    Parameters
    ----------
    words : str
        Words of the text.
    context : Context
        The moment; YES is an answer unless the number is opted out.
    language : Words
        The words of the session's language.

    Returns
    -------
    bool
        True only for an opted-out number.
    """
    return context.opted_out and (context.opt_out_type == "START" or language.says("optin", words))

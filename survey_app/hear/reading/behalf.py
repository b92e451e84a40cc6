"""Answers given for somebody else: "mum says 3", "I am answering for my husband: 4"."""

from __future__ import annotations

from survey_app.hear.reading.words import Words

RULE = "on_behalf"


def says_for_another(words: str, language: Words) -> bool:
    """
    Tell whether a text says whose answer it brings.

    Parameters
    ----------
    words : str
        The normalised text.
    language : Words
        The words of the session's language.

    Returns
    -------
    bool
        It means nothing by itself: the text must be an answer too.
    """
    return language.rule(RULE).within.search(words) is not None


def without_the_other(words: str, language: Words) -> str:
    """
    Take out who it is that answers.

    Parameters
    ----------
    words : str
        The normalised text.
    language : Words
        The words of the session's language.

    Returns
    -------
    str
        What they answered, perhaps nothing.
    """
    return " ".join(language.rule(RULE).within.sub(" ", words).split())

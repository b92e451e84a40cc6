"""Words of someone in danger or in despair; asked of every text, before anything else is decided."""

from __future__ import annotations

from survey_app.hear.reading.model import DistressKind
from survey_app.hear.reading.words import NEVER, Words


def distress_in(words: str, language: Words) -> DistressKind | None:
    """
    The most pressing kind of distress a text speaks of.

    Parameters
    ----------
    words : str
        Words of the text, as `words_of` gives them.
    language : Words
        The words of the session's language.

    Returns
    -------
    DistressKind or None
        None where there is no distress, idioms included.
    """
    serious = language.phrases.get("idioms", NEVER).within.sub(" | ", words)
    return next((kind for kind in DistressKind if _speaks_of(kind, serious, language)), None)


def _speaks_of(kind: DistressKind, words: str, language: Words) -> bool:
    name = "cruelty" if kind is DistressKind.ABUSE else kind.value
    return language.says(name, words)

"""Words of someone in danger or in despair, in any language; asked of every text, before all else."""

from __future__ import annotations

from collections.abc import Iterable

from survey_app.hear.reading.model import DistressKind
from survey_app.hear.reading.words import Words


def distress_in(words: str, spoken: Iterable[Words]) -> DistressKind | None:
    """
    The most pressing kind of distress a text speaks of.

    Parameters
    ----------
    words : str
        Words of the text, as `words_of` gives them.
    spoken : iterable of Words
        The session's language and every other the text may be in.

    Returns
    -------
    DistressKind or None
        None where there is no distress, idioms included.
    """
    serious = [(language, language.rule("idioms").within.sub(" | ", words)) for language in spoken]
    for kind in DistressKind:
        if any(_speaks_of(kind, left, language) for language, left in serious):
            return kind
    return None


def _speaks_of(kind: DistressKind, words: str, language: Words) -> bool:
    name = "cruelty" if kind is DistressKind.ABUSE else kind.value
    return language.says_anywhere(name, words)

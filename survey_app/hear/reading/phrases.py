"""Small patterns over folded words that stand for one meaning, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey_app.hear.reading.normalise import folded

_NOTHING = re.compile(r"(?!)")
# Leading words, any number of them: "(?:well |i |i just )*". Without backtracking into them, for one text can
# be cut into such words in more ways than there is time for.
_LEADING_WORDS = re.compile(r"(\(\?:(?:[^()|]* \|)*[^()|]* \)\*)(?![+?])")


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Patterns for one meaning: of a whole text, of a part of it, and what only looks like it."""

    full: re.Pattern[str]
    within: re.Pattern[str]
    unless: re.Pattern[str]
    here: re.Pattern[str]  # whole texts that mean this in their own language, but something else in another

    def matches(self, words: str, core: str) -> bool:
        """Tell whether the words, or all of them but the polite ones, mean this in any conversation.

        Parameters
        ----------
        words : str
            The normalised text.
        core : str
            The same without polite words at either end.

        Returns
        -------
        bool
            False where only an exception to the rule fits.
        """
        if self.full.fullmatch(core) or self.full.fullmatch(words):
            return not self.unless.fullmatch(core)
        if not self.within.search(words):
            return False
        return bool(self.within.search(self.unless.sub(" | ", words)))

    def is_only_here(self, core: str) -> bool:
        """Tell whether the words mean this in a conversation of their own language.

        Parameters
        ----------
        core : str
            The text without polite words at either end.

        Returns
        -------
        bool
            False for what `matches` finds.
        """
        return bool(self.here.fullmatch(core))


NEVER = PhraseRule(_NOTHING, _NOTHING, _NOTHING, _NOTHING)


def rule_from(patterns: Mapping[str, Sequence[str]]) -> PhraseRule:
    """
    Compile the patterns of one meaning.

    Parameters
    ----------
    patterns : mapping
        Lists named `full`, `within`, `unless` and `here`; each may be missing.

    Returns
    -------
    PhraseRule
        Its patterns fold letters as replies are folded, and match whole words.
    """
    return PhraseRule(*(_compiled(patterns.get(name, ())) for name in ("full", "within", "unless", "here")))


def any_of(rules: Iterable[PhraseRule]) -> re.Pattern[str]:
    """
    One pattern that finds whatever one of several rules could find.

    Parameters
    ----------
    rules : iterable of PhraseRule
        Rules of one language.

    Returns
    -------
    re.Pattern
        A quick first look; the rules themselves decide.
    """
    parts = [part.pattern for rule in rules for part in (rule.full, rule.within) if part is not _NOTHING]
    return re.compile("|".join(parts)) if parts else _NOTHING


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    if not patterns:
        return _NOTHING
    whole = _LEADING_WORDS.sub(r"\1+", "|".join(map(_folded, patterns)))
    # Whitespace bounds, not \b: vowel signs of Indic scripts are no word characters.
    return re.compile(rf"(?<!\S)(?:{whole})(?!\S)")


def _folded(pattern: str) -> str:
    return "".join(char if char.isascii() else folded(char) for char in pattern).replace("'", "")

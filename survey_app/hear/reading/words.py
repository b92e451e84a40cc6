"""The words of a language, loaded once from its wording file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

WORDING = Path(__file__).resolve().parents[3] / "config" / "wording"
FALLBACK = "en"
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Patterns for one meaning: of a whole text, of a part of it, and what only looks like it."""

    full: re.Pattern[str]
    within: re.Pattern[str]
    unless: re.Pattern[str]

    def matches(self, words: str, core: str) -> bool:
        """Tell whether the words, or all of them but the polite ones, mean this.

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
        return bool(self.within.search(self.unless.sub(" | ", words)))


NEVER = PhraseRule(_NOTHING, _NOTHING, _NOTHING)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything reading knows of one language."""

    language: str
    polite: frozenset[str]
    numbers: Mapping[str, int]
    speech: Mapping[str, int]
    synonyms: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, frozenset[str]]
    phrases: Mapping[str, PhraseRule] = field(repr=False)

    def says(self, meaning: str, words: str) -> bool:
        """Tell whether a text means the named thing.

        Parameters
        ----------
        meaning : str
            A key of `[reading.phrases]`.
        words : str
            The normalised text.

        Returns
        -------
        bool
            False for a meaning this language has no phrases for.
        """
        return self.phrases.get(meaning, NEVER).matches(words, self.core(words))

    def core(self, words: str) -> str:
        """Take greetings and thanks off both ends.

        Parameters
        ----------
        words : str
            The normalised text.

        Returns
        -------
        str
            What is left, perhaps nothing.
        """
        parts = words.split()
        while parts and parts[0] in self.polite:
            parts.pop(0)
        while parts and parts[-1] in self.polite:
            parts.pop()
        return " ".join(parts)


def load_words(path: Path) -> Words:
    """
    Read the `[reading]` table of a wording file.

    Parameters
    ----------
    path : Path
        A TOML file named for its language.

    Returns
    -------
    Words
        The language's words, patterns compiled.

    Raises
    ------
    KeyError
        When the file has no `[reading]` table.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))["reading"]
    return Words(
        language=path.stem,
        polite=frozenset(table.get("polite", ())),
        numbers=table.get("numbers", {}),
        speech=table.get("speech", {}),
        synonyms={label: tuple(others) for label, others in table.get("synonyms", {}).items()},
        answers={name: frozenset(words) for name, words in table.get("answers", {}).items()},
        phrases={name: _rule(patterns) for name, patterns in table.get("phrases", {}).items()},
    )


@cache
def words_for(language: str) -> Words:
    """
    Words of a language, or English where the language has no file yet.

    Parameters
    ----------
    language : str
        A language code such as "en".

    Returns
    -------
    Words
        Loaded on first use and kept.
    """
    path = WORDING / f"{language}.toml"
    if language != FALLBACK and (not language.isalpha() or not path.is_file()):
        # Their "no" may be another language's "yes": English words ask and warn here, they never answer.
        return replace(words_for(FALLBACK), language=language, synonyms={}, numbers={}, speech={})
    return load_words(path)


def _rule(patterns: Mapping[str, Any]) -> PhraseRule:
    return PhraseRule(*(_compiled(patterns.get(name, ())) for name in ("full", "within", "unless")))


def _compiled(patterns: list[str]) -> re.Pattern[str]:
    if not patterns:
        return _NOTHING
    # Whitespace bounds, not \b: vowel signs of Indic scripts are no word characters.
    return re.compile(rf"(?<!\S)(?:{'|'.join(patterns)})(?!\S)")

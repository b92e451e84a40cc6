"""The words of a language, loaded once from its wording file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from survey_app.hear.reading.normalise import folded, words_of
from survey_app.hear.reading.phrases import NEVER, PhraseRule, any_of, rule_from

WORDING = Path(__file__).resolve().parents[3] / "config" / "wording"
FALLBACK = "en"
ALARMS = ("crisis", "emergency", "cruelty", "neglect", "lowmood", "optout")
_NO_WORDS: frozenset[str] = frozenset()


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
    alarm: re.Pattern[str] = field(repr=False)
    out_of: re.Pattern[str] = field(repr=False)
    not_name: re.Pattern[str] = field(repr=False)

    def listed(self, name: str) -> frozenset[str]:
        """Give a word list of the answer grammar.

        Parameters
        ----------
        name : str
            A key of `[reading.answers]`.

        Returns
        -------
        frozenset of str
            Empty where the language has no such list.
        """
        return self.answers.get(name, _NO_WORDS)

    def rule(self, meaning: str) -> PhraseRule:
        """Give the phrases of one meaning.

        Parameters
        ----------
        meaning : str
            A key of `[reading.phrases]`.

        Returns
        -------
        PhraseRule
            One that never matches where the language has none.
        """
        return self.phrases.get(meaning, NEVER)

    def says(self, meaning: str, words: str) -> bool:
        """Tell whether a text of this language means the named thing.

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
        rule, core = self.rule(meaning), self.core(words)
        return rule.is_only_here(core) or rule.matches(words, core)

    def says_anywhere(self, meaning: str, words: str) -> bool:
        """Tell whether a text means the named thing whatever language its conversation is in.

        Parameters
        ----------
        meaning : str
            A key of `[reading.phrases]`.
        words : str
            The normalised text.

        Returns
        -------
        bool
            False also where only words fit that mean something else in another language.
        """
        return self.rule(meaning).matches(words, self.core(words))

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
        The language's words, folded as replies are, patterns compiled.

    Raises
    ------
    KeyError
        When the file has no `[reading]` table.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))["reading"]
    answers = {name: tuple(map(words_of, words)) for name, words in table.get("answers", {}).items()}
    phrases = {name: rule_from(patterns) for name, patterns in table.get("phrases", {}).items()}
    names = "|".join(map(re.escape, table.get("not_name", ()))) or "(?!)"
    return Words(
        language=path.stem,
        polite=frozenset(map(words_of, table.get("polite", ()))),
        numbers=_valued(table.get("numbers", {})),
        speech=_valued(table.get("speech", {})),
        synonyms={words_of(label): _folded(others) for label, others in table.get("synonyms", {}).items()},
        answers={name: frozenset(words) for name, words in answers.items()},
        phrases=phrases,
        alarm=any_of(phrases[name] for name in ALARMS if name in phrases),
        out_of=re.compile(rf"(?i)\b(\w+)\s+(?:{'|'.join(answers.get('out_of', ())) or '(?!)'})\s+(\w+)\b"),
        not_name=re.compile(rf"(?i:(?<!\w)(?:{names}) )(?:[A-Z\u0141\u015a\u017b]\w+ ?){{1,2}}\W*$"),
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
    if language != FALLBACK and language not in languages():
        # Their "no" may be another language's "yes": English words ask and warn here, they never answer.
        return replace(words_for(FALLBACK), language=language, synonyms={}, numbers={}, speech={})
    return load_words(WORDING / f"{language}.toml")


@cache
def languages() -> tuple[str, ...]:
    """
    Codes of the languages that have a wording file.

    Returns
    -------
    tuple of str
        In alphabetical order.
    """
    return tuple(sorted(path.stem for path in WORDING.glob("*.toml")))


def others_alarmed(words: str, language: Words) -> tuple[Words, ...]:
    """
    Other languages in which a text may speak of danger or of stopping.

    Parameters
    ----------
    words : str
        The normalised text.
    language : Words
        The words of the session's language, left out.

    Returns
    -------
    tuple of Words
        Mostly none; their rules decide.
    """
    return tuple(
        other for other in _every() if other.language != language.language and other.alarm.search(words)
    )


def others(language: Words) -> tuple[Words, ...]:
    """
    Every other language.

    Parameters
    ----------
    language : Words
        The words of the session's language.

    Returns
    -------
    tuple of Words
        In alphabetical order of their codes.
    """
    return tuple(other for other in _every() if other.language != language.language)


@cache
def _every() -> tuple[Words, ...]:
    return tuple(map(words_for, languages()))


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(words_of(word) or word for word in words)  # a symbol has no letters to fold


def _valued(table: Mapping[str, Any]) -> dict[str, int]:
    return {folded(word): int(value) for word, value in table.items()}

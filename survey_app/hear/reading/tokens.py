"""A reply cut into words, numbers and marks, so that the grammar can look around a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_app.hear.reading.normalise import words_of

# Vowel signs of Indic scripts and points of Arabic are no letters to `re`, but they are parts of a word.
_SIGN = "\u0300-\u036f\u064b-\u0670\u0900-\u0963\u0981-\u09e3\u0a01-\u0a5e\u0a70-\u0a75"
_LETTER = rf"(?:[^\W\d_]|[{_SIGN}])"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)?|{_LETTER}(?:[^\W\d_']|[{_SIGN}])*(?:'{_LETTER}+)?|\S")
_GLUED_COURTESY = re.compile(r"(?i)(?<=\d)(?=(?:ish|x+|thanks|thx|ta|pls|please)\b)")
_NUMBER = re.compile(r"\d+(?:[.,]0+)?")
BREAKS = frozenset(".,;:!?-\u2013\u2014\u2026\n\u060c\u061b\u061f\u06d4\u0964")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark: as written, folded, and its value where it is a number."""

    text: str
    word: str
    value: int | None

    @property
    def is_break(self) -> bool:
        """Tell whether a new thought begins after it.

        Returns
        -------
        bool
            True for punctuation that ends a thought.
        """
        return self.text in BREAKS

    @property
    def is_name(self) -> bool:
        """Tell whether it is written like a name or an initial.

        Returns
        -------
        bool
            True for letters of which the first alone is a capital.
        """
        return self.text.istitle() and self.text.isalpha()


def tokens_of(text: str, numbers: dict[str, int]) -> tuple[Token, ...]:
    """
    Tokens of a normalised text.

    Parameters
    ----------
    text : str
        Normalised text.
    numbers : dict of str to int
        Number words and their values.

    Returns
    -------
    tuple of Token
        In the order written; a line end counts as a full stop.
    """
    spaced = _GLUED_COURTESY.sub(" ", text.replace("\n", " . "))
    return tuple(_token(match.group(), numbers) for match in _TOKEN.finditer(spaced))


def _token(text: str, numbers: dict[str, int]) -> Token:
    if text[0].isdigit():
        whole = _NUMBER.fullmatch(text)
        return Token(text, "", int(re.split("[.,]", text)[0][:9]) if whole else -1)
    word = words_of(text)
    return Token(text, word, numbers.get(word))

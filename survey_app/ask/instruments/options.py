"""Options: what a person can choose, and what each choice is worth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class OptionKind(StrEnum):
    """Whether a choice has a score or says why there is none."""

    SCORED = "scored"
    NOT_SURE = "not_sure"
    NOT_APPLICABLE = "not_applicable"


class BadAnswer(ValueError):
    """A value that is no answer to this item; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the digit that stands for it, its words, and its score before any reversing."""

    code: int
    label: str
    score: float | None
    kind: OptionKind = OptionKind.SCORED
    source_label: str = ""  # of a translated option: its words in the released file


class Question(Protocol):
    """What a question type needs to know of an item."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices, in the order they are shown."""

    @property
    def minimum(self) -> int | None:
        """The smallest number allowed, for items that ask for a number."""

    @property
    def maximum(self) -> int | None:
        """The largest number allowed, for items that ask for a number."""


def parse_whole(raw: int | str) -> int | None:
    """Give the whole number that `raw` writes in plain digits, or None.

    Parameters
    ----------
    raw : int or str
        What came in from a form, a text or a key press.

    Returns
    -------
    int or None
        The number; None for signs, fractions, words and very long rows of digits.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    digits = raw.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def read_choice(question: Question, raw: int | str) -> int:
    """Give the code of the option that `raw` names by digit or by label.

    Parameters
    ----------
    question : Question
        The item, as far as a question type needs it.
    raw : int or str
        What came in from a form, a text or a key press.

    Returns
    -------
    int
        The option's code.

    Raises
    ------
    BadAnswer
        If no option has that digit or label.
    """
    number = parse_whole(raw)
    words = raw.strip().casefold() if isinstance(raw, str) else None
    for option in question.options:
        if option.code == number or option.label.casefold() == words:
            return option.code
    expected = ", ".join(f"{option.code} ({option.label})" for option in question.options)
    raise BadAnswer(f"expected one of {expected}")


def option_faults(options: tuple[Option, ...]) -> list[str]:
    """Say what is wrong with a list of choices, whatever the question type.

    Parameters
    ----------
    options : tuple of Option
        Choices in the order they are shown.

    Returns
    -------
    list of str
        One sentence a fault; empty when nothing is wrong.
    """
    faults = []
    codes = [option.code for option in options]
    if len(options) < 2:
        faults.append("expected at least 2 options")
    if len(set(codes)) < len(codes):
        faults.append("expected every option code only once")
    if any(not 0 <= code <= 9 for code in codes):
        faults.append("expected option codes between 0 and 9, one key of a phone each")
    labels = [option.label.casefold() for option in options]
    if len(set(labels)) < len(labels) or not all(labels):
        faults.append("expected every option to have a label of its own")
    return faults + _score_faults(options)


def _score_faults(options: tuple[Option, ...]) -> list[str]:
    scored = [option for option in options if option.kind is OptionKind.SCORED]
    faults = []
    if any(option.score is None for option in scored):
        faults.append("expected a score for every option of kind scored")
    if any(option.score is not None for option in options if option.kind is not OptionKind.SCORED):
        faults.append("expected no score for options of kind not_sure and not_applicable")
    if len({option.score for option in scored}) < max(2, len(scored)):
        faults.append("expected at least 2 scored options, each with a score of its own")
    return faults

"""Items: one statement or question each, how an answer to it is read and what it scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.ask.instruments.options import BadAnswer, Option, OptionKind
from survey_app.ask.instruments.question_types.registry import QUESTION_TYPES

# What a person answered: item id to option code; None is a skip, an absent item was not reached.
Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only if an earlier item was answered with one of these codes."""

    item: str
    codes: frozenset[int]

    def holds(self, answers: Answers) -> bool:
        """Tell whether the earlier answer is one of the codes.

        Parameters
        ----------
        answers : Answers
            Item id to code; None is a skip.

        Returns
        -------
        bool
            False as well when the item was skipped or not reached.
        """
        return answers.get(self.item) in self.codes


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question, with its forms for page, text message and phone call."""

    id: str
    ordinal: int
    type: str
    title: str
    text: str
    sms: str
    spoken: str
    options: tuple[Option, ...] = ()
    reverse: bool = False
    show_if: Condition | None = None
    elements: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    @property
    def scored(self) -> tuple[Option, ...]:
        """List the options that have a score, in the order shown.

        Returns
        -------
        tuple of Option
            Empty for number items.
        """
        return tuple(option for option in self.options if option.kind is OptionKind.SCORED)

    @property
    def lowest(self) -> float:
        """Smallest score an answer can have (reversing keeps it).

        Returns
        -------
        float
            In the units of the scores in the file.
        """
        if self.minimum is not None:
            return float(self.minimum)
        return min(option.score for option in self.options if option.score is not None)

    @property
    def highest(self) -> float:
        """Largest score an answer can have (reversing keeps it).

        Returns
        -------
        float
            In the units of the scores in the file.
        """
        if self.maximum is not None:
            return float(self.maximum)
        return max(option.score for option in self.options if option.score is not None)

    def option(self, code: int) -> Option:
        """Give the option with this code.

        Parameters
        ----------
        code : int
            The digit that stands for the option.

        Returns
        -------
        Option
            The option as the file defines it.

        Raises
        ------
        BadAnswer
            If no option has this code.
        """
        for option in self.options:
            if option.code == code:
                return option
        raise BadAnswer(f"{self.id}: expected one of codes {[option.code for option in self.options]}")

    def read(self, raw: int | str) -> int:
        """Read a raw answer: a digit, or the words of a label, as the question type allows.

        Parameters
        ----------
        raw : int or str
            What came in from a form, a text or a key press.

        Returns
        -------
        int
            The option's code, or the number itself for number items.

        Raises
        ------
        BadAnswer
            If the value is no answer to this item; the message says what was expected.
        """
        return QUESTION_TYPES[self.type].read(self, raw)

    def score(self, code: int | None) -> float | None:
        """Score an answer, reversed where the item is worded the other way round.

        Parameters
        ----------
        code : int or None
            The answer's code; None is a skip.

        Returns
        -------
        float or None
            A score from `lowest` to `highest`; None for not sure, does not apply and a skip.

        Raises
        ------
        BadAnswer
            If the code is no answer to this item.
        """
        if code is None:
            return None
        raw = self.option(code).score if self.options else float(self.read(code))
        if raw is None or not self.reverse:
            return raw
        return self.lowest + self.highest - raw

    def is_applicable(self, answers: Answers) -> bool:
        """Tell whether the item's condition holds and the person did not say that it does not apply.

        Parameters
        ----------
        answers : Answers
            Item id to code; None is a skip.

        Returns
        -------
        bool
            True for an item that was not reached but would be asked.
        """
        if self.show_if is not None and not self.show_if.holds(answers):
            return False
        code = answers.get(self.id)
        return code is None or not self.options or self.option(code).kind is not OptionKind.NOT_APPLICABLE

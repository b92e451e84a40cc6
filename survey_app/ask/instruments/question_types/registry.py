"""Question types by name: a new type is a module beside this one, a row here, a field of the web form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from survey_app.ask.instruments.options import Question
from survey_app.ask.instruments.question_types.labelled_scale import LabelledScale
from survey_app.ask.instruments.question_types.number import Number
from survey_app.ask.instruments.question_types.yes_no import YesNo


class QuestionType(Protocol):
    """One way of asking: what a definition must look like, and what a raw answer means."""

    @property
    def name(self) -> str:
        """The word used in instrument files."""

    @property
    def has_options(self) -> bool:
        """Whether people choose from a list."""

    def check(self, question: Question) -> list[str]:
        """Say what is wrong with the definition: an empty list when nothing is.

        Parameters
        ----------
        question : Question
            The item, as far as a question type needs it.

        Returns
        -------
        list of str
            One sentence a fault; empty when nothing is wrong.
        """

    def read(self, question: Question, raw: int | str) -> int:
        """Give the code of a raw answer, or raise BadAnswer.

        Parameters
        ----------
        question : Question
            The item, as far as a question type needs it.
        raw : int or str
            What came in from a form, a text or a key press.

        Returns
        -------
        int
            The code that is stored.
        """


_TYPES: tuple[QuestionType, ...] = (LabelledScale(), YesNo(), Number())

QUESTION_TYPES: Mapping[str, QuestionType] = MappingProxyType({kind.name: kind for kind in _TYPES})

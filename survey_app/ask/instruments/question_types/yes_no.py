"""Yes or no, perhaps with not sure and does not apply."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.options import OptionKind, Question, option_faults, read_choice


@dataclass(frozen=True, slots=True)
class YesNo:
    """Two scored choices: Yes is code 1 and No is code 2, so that every such item is answered alike."""

    name: str = "yes_no"
    has_options: bool = True

    def check(self, question: Question) -> list[str]:
        """Say what is wrong with the definition.

        Parameters
        ----------
        question : Question
            The item, as far as a question type needs it.

        Returns
        -------
        list of str
            One sentence a fault; empty when nothing is wrong.
        """
        faults = option_faults(question.options)
        codes = [option.code for option in question.options if option.kind is OptionKind.SCORED]
        if sorted(codes) != [1, 2]:
            faults.append("expected a yes_no item to score exactly codes 1 (yes) and 2 (no)")
        return faults

    def read(self, question: Question, raw: int | str) -> int:
        """Give the code that a digit or a label stands for.

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

        Raises
        ------
        BadAnswer
            If no option has that digit or label.
        """
        return read_choice(question, raw)

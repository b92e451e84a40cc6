"""A scale of labelled steps: three to nine choices in order, perhaps with not sure or does not apply."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.options import OptionKind, Question, option_faults, read_choice


@dataclass(frozen=True, slots=True)
class LabelledScale:
    """One of several steps from worst to best."""

    name: str = "labelled_scale"
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
        scores = [option.score for option in question.options if option.kind is OptionKind.SCORED]
        known = [score for score in scores if score is not None]
        if len(known) < 3:
            faults.append("expected at least 3 scored options in a labelled_scale")
        if known not in (sorted(known), sorted(known, reverse=True)):
            faults.append("expected the scores of a labelled_scale to rise or to fall in the order shown")
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

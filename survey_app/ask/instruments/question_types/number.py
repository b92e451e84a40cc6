"""A whole number between two bounds; the number itself is both code and score."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.instruments.options import BadAnswer, Question, parse_whole

# A figure counts cells by value: more distinct values than this would leave every cell almost empty.
WIDEST = 100


@dataclass(frozen=True, slots=True)
class Number:
    """A count or a rating given as a number."""

    name: str = "number"
    has_options: bool = False

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
        faults = ["expected no options in a number item"] if question.options else []
        low, high = question.minimum, question.maximum
        if low is None or high is None:
            return [*faults, "expected minimum and maximum, whole numbers"]
        if not 0 <= low < high <= low + WIDEST:
            faults.append(f"expected 0 <= minimum < maximum, at most {WIDEST} apart")
        return faults

    def read(self, question: Question, raw: int | str) -> int:
        """Give the number.

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
            If it is no whole number within the bounds.
        """
        value = parse_whole(raw)
        low, high = question.minimum, question.maximum
        if value is None or low is None or high is None or not low <= value <= high:
            raise BadAnswer(f"expected a whole number from {low} to {high}")
        return value

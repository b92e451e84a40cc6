"""The builder's steps, in order: what each asks, and what it says beside the question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey_app.know.improvement.scorecards.plan import Question


class Step(StrEnum):
    """One page of the builder."""

    NAME = "name"
    AMBITION = "ambition"
    CARE = "care"
    OUTCOMES = "outcomes"
    MEASURABLE = "measurable"
    USE = "use"
    ELEMENTS = "elements"
    MEASURES = "measures"
    ORDER = "order"
    CHECK = "check"

    @property
    def number(self) -> int:
        """Return its place, from 1."""
        return list(Step).index(self) + 1

    @property
    def after(self) -> Step:
        """Return the next step; after the last one itself."""
        steps = list(Step)
        return steps[min(self.number, len(steps) - 1)]

    @property
    def before(self) -> Step | None:
        """Return the step before, or None at the first."""
        return list(Step)[self.number - 2] if self.number > 1 else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A planning question as people read it."""

    title: str
    hint: str


QUESTIONS = {
    Question.AMBITION: Asked(
        "Our ambition",
        "What should be different for people here, and by when? Two or three sentences that everybody round "
        "the table agrees with. The first ones stand on the board.",
    ),
    Question.CARE: Asked(
        "Our model of care",
        "What do we do differently so that this comes true? Name the teams, services and joint decisions "
        "that matter most.",
    ),
    Question.OUTCOMES: Asked(
        "Outcomes we want",
        "What will people, carers and staff notice? Start with what they notice, not with what is easy to "
        "count.",
    ),
    Question.MEASURABLE: Asked(
        "What we can measure",
        "Which of these outcomes do people's answers already tell us about, and which not yet? A gap that "
        "is named is worth more than a figure that stands for something else.",
    ),
    Question.USE: Asked(
        "How we will use it",
        "Who looks at the board, how often, and what do they do when something has really changed? A board "
        "for learning is not a table of winners and losers.",
    ),
}
TITLES = {Step(question.value): asked.title for question, asked in QUESTIONS.items()} | {
    Step.NAME: "Name and owner",
    Step.ELEMENTS: "Elements of the logic model",
    Step.MEASURES: "Measures",
    Step.ORDER: "Order and owners",
    Step.CHECK: "Check and save",
}

"""What is spoken next in a call, and what the call then waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from survey_app.ask.instruments.model import Item
from survey_app.hear.conversations import outlets
from survey_app.hear.conversations.outlets import Listener, Prompt
from survey_app.hear.conversations.turn import Survey


class Pace(StrEnum):
    """How fast something is said."""

    PLAIN = "plain"
    SLOW = "slow"
    SLOWEST = "slowest"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said; a recording under `name` may stand for it where a language has no voice.

    `language` is set where the line is not in the language of what is said around it.
    """

    words: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything said before the next key, and whether one is waited for; without it we hang up.

    `language` is that of the words, `listener` that of the person: they differ where the questions are not
    translated.
    """

    lines: tuple[Line, ...]
    language: str = "en"
    listener: str = "en"
    pace: Pace = Pace.PLAIN
    waits: bool = True
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class VoiceOutlet:
    """Collects the words of one turn of a call."""

    said: list[outlets.Line] = field(default_factory=list)
    prompt: Prompt | None = None

    def ask(self, prompt: Prompt, to: Listener) -> None:
        """Keep the question; it is said in the language of the call."""
        del to
        self.prompt = prompt

    def say(self, line: outlets.Line, to: Listener) -> None:
        """Keep a line; on the phone it is said every time, and nobody has to wait a day for it."""
        del to
        self.said.append(line)


def hints_of(item: Item) -> tuple[str, ...]:
    """Return the words a person will probably say."""
    return tuple(word for option in item.options for word in (str(option.code), option.label))


def place_in(survey: Survey, item: Item | None) -> tuple[int, int]:
    """Return an item's number among those this person is asked, and how many those are."""
    asked = survey.instrument.applicable(survey.answers, survey.origin.items)
    number = next(
        (n for n, other in enumerate(asked, start=1) if item is not None and other.id == item.id), 1
    )
    return number, max(len(asked), number)

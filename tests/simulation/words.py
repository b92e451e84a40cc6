"""What people write, each text with its meaning: the meaning is known because it was chosen first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from survey_app.hear.responses.tables import Channel


class Meaning(StrEnum):
    """What somebody means by a text."""

    ANSWER = "answer"
    LABEL = "label"
    TAP = "tap"
    CORRECTION = "correction"
    SKIP = "skip"
    UNSURE = "unsure"
    BACK = "back"
    REPEAT = "repeat"
    START = "start"
    DECLINE = "decline"
    STOP = "stop"
    STOP_WORD = "stop word"
    START_AGAIN = "start again"
    WRONG = "wrong person"
    DISTRESS = "distress"
    DISTRESS_STOP = "distress and stop"
    HELP = "help"
    LANGUAGE = "language"
    CONTACT = "contact"
    NONSENSE = "nonsense"
    EMPTY = "empty"
    PHOTO = "photo"
    MACHINE = "automatic"


DIGIT = ("{v}", "{v}", "{v}", "{v}.", " {v} ", "{v} please", "I'd say {v}", "{v} thanks")
SAID: dict[Meaning, tuple[str, ...]] = {
    Meaning.CORRECTION: ("sorry i meant {v}", "oops i meant {v}"),
    Meaning.SKIP: ("skip", "SKIP", "Skip please"),
    Meaning.UNSURE: ("not sure", "don't know"),
    Meaning.BACK: ("back", "BACK"),
    Meaning.REPEAT: ("repeat", "REPEAT"),
    Meaning.START: ("start please", "ok", "ready"),
    Meaning.DECLINE: ("not interested", "not now"),
    Meaning.STOP: (
        "please stop texting me",
        "leave me alone",
        "take me off your list",
        "Pls stop txting me",
        "stop sending me messages",
    ),
    Meaning.STOP_WORD: ("STOP", "Stop", "UNSUBSCRIBE", "end", "QUIT", "cancel"),
    Meaning.START_AGAIN: ("START", "UNSTOP"),
    Meaning.WRONG: ("wrong number", "you have got the wrong person"),
    Meaning.DISTRESS: (
        "I want to kill myself",
        "i want to die",
        "help me i have fallen and cant get up",
        "I want to kill myself 3",
    ),
    Meaning.DISTRESS_STOP: ("stop texting me i want to die", "STOP. I want to kill myself"),
    Meaning.HELP: ("help", "who is this?"),
    Meaning.LANGUAGE: (
        "can i have this in polish",
        "can i have this in urdu",
        "in Welsh please",
        "in english please",
    ),
    Meaning.CONTACT: ("can someone call me",),
    Meaning.NONSENSE: ("purple monkey", "my cat is on the roof", "the tuesday girl is lovely"),
    Meaning.EMPTY: ("", " "),
    Meaning.PHOTO: ("",),
    Meaning.MACHINE: ("Auto reply: I am driving right now and will get back to you",),
}
STOPS = frozenset({Meaning.STOP, Meaning.STOP_WORD, Meaning.DISTRESS_STOP})
ALARMS = frozenset({Meaning.DISTRESS, Meaning.DISTRESS_STOP})


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes, or taps, and on which way it goes to us."""

    phone: str
    meaning: Meaning
    value: int | None
    body: str
    channel: Channel = Channel.SMS
    payload: str = ""
    replied_to: str = ""


def words_for(meaning: Meaning, value: int | None, rng: Random) -> str:
    """Put a meaning into words."""
    return rng.choice(DIGIT if meaning is Meaning.ANSWER else SAID[meaning]).format(v=value)

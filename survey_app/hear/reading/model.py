"""What a reply can mean, and what reading must know of the open question and of the moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What the writer of a reply wants."""

    ANSWER = "answer"
    MULTI = "multi"
    CORRECTION = "correction"
    LATE_ANSWER = "late_answer"
    UNCLEAR = "unclear"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    SKIP = "skip"
    BACK = "back"
    REPEAT = "repeat"
    HELP = "help"
    OPTOUT = "optout"
    OPTIN = "optin"
    DECLINE = "decline"
    WRONG_PERSON = "wrong_person"
    DECEASED = "deceased"
    DISTRESS = "distress"
    CONTACT_REQUEST = "contact_request"
    LANGUAGE_REQUEST = "language_request"
    ABUSE = "abuse"
    MEDIA_ONLY = "media_only"
    EMPTY = "empty"
    AUTO_REPLY = "auto_reply"
    NO_OPEN_QUESTION = "no_open_question"


class DistressKind(StrEnum):
    """What a distressed reply is about, the most pressing first."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    ABUSE = "abuse"
    NEGLECT = "neglect"
    LOWMOOD = "lowmood"


class Session(StrEnum):
    """Whether a question is waiting for an answer."""

    OPEN = "open"
    NONE = "none"
    EXPIRED = "expired"


class Channel(StrEnum):
    """How the words reached us, as far as it changes their meaning."""

    TEXT = "text"
    SPEECH = "voice_speech"
    KEYS = "voice_dtmf"
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True)
class ReadingOption:
    """One option of a question: its stored code, its label and other words for it."""

    code: int
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The open question as reading needs it."""

    options: tuple[ReadingOption, ...]

    @property
    def codes(self) -> frozenset[int]:
        """Give the values that may be stored.

        Returns
        -------
        frozenset of int
            One for each option.
        """
        return frozenset(option.code for option in self.options)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the moment a reply arrived in."""

    opted_out: bool = False
    session: Session = Session.OPEN
    prev_answered: bool = False
    questions_remaining: int = 1
    channel: Channel = Channel.TEXT
    n_media: int = 0
    button_payload: str = ""
    current_question: str = ""
    opt_out_type: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reply means, what else is due, and the rule that decided."""

    intent: Intent
    value: int | None = None
    values: tuple[int, ...] = ()
    kind: DistressKind | None = None
    also: tuple[Intent, ...] = ()
    rule: str = ""
    on_behalf: bool = False


OPEN_CONTEXT = Context()

"""What a channel hands to the intake, and what it gets back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from survey_app.ask.instruments.model import Audience, Item
from survey_app.hear.responses.tables import Channel


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a response comes from: one invitation (or one open start), one instrument version, one place."""

    name: str
    invitation_id: int | None
    person: bytes
    instrument_id: str
    instrument_version: int
    audience: Audience
    place_id: str
    items: tuple[str, ...] | None
    language: str
    expires_at: dt.datetime
    practice_id: str | None = None
    category: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """Answers as they arrived, with the key that makes a repeat harmless.

    With `grace` a response that begins waits that much longer before it is counted unfinished, and one answer
    may still come in meanwhile: who texts the day after the end has answered all the same.
    """

    channel: Channel
    key: str
    origin: Origin
    answers: Mapping[str, int | str | None]
    received_at: dt.datetime
    issued_at: dt.datetime | None = None
    grace: dt.timedelta = dt.timedelta()

    @property
    def closes_at(self) -> dt.datetime:
        """Return the instant from which on nothing is taken any more."""
        return self.origin.expires_at + self.grace

    @property
    def late(self) -> bool:
        """Return whether the invitation had ended."""
        return self.received_at >= self.origin.expires_at

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("a submission needs a key: without one a retry would count twice")


class Outcome(StrEnum):
    """What became of a submission."""

    STORED = "stored"
    REPEATED = "repeated"
    REFUSED = "refused"
    ALREADY_FINISHED = "already_finished"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The intake's word to the channel; `faults` names each item whose answer was not readable."""

    outcome: Outcome
    response_id: int | None = None
    finished: bool = False
    next_item: Item | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

"""The story of a simulated world: all that crossed its border, told again when a rule breaks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from survey_app.ask.sending.tables import Medium
from survey_app.hear.responses.tables import Channel
from tests.simulation.words import Meaning


class Fate(StrEnum):
    """What becomes of one letter at the provider's door."""

    ACCEPTED = "accepted"
    NOT_WRITTEN = "reset before writing"
    TOO_MANY = "429"
    REFUSED = "refused with a code"
    ACCOUNT = "account refused"
    BREAKS_BEFORE = "500, not accepted"
    BREAKS_AFTER = "500 after accepting"
    HANGS_AFTER = "hangs after accepting"
    UNLISTED = "hangs, and is not in the list"
    KILLED_BEFORE = "sender killed before"
    KILLED_AFTER = "sender killed after accepting"


UNCERTAIN = frozenset(
    {
        Fate.BREAKS_BEFORE,
        Fate.BREAKS_AFTER,
        Fate.HANGS_AFTER,
        Fate.UNLISTED,
        Fate.KILLED_BEFORE,
        Fate.KILLED_AFTER,
    }
)
TAKEN = frozenset({Fate.ACCEPTED, Fate.BREAKS_AFTER, Fate.HANGS_AFTER, Fate.UNLISTED, Fate.KILLED_AFTER})


@dataclass(frozen=True, slots=True)
class Handed:
    """A letter was handed over to the provider."""

    n: int
    at: dt.datetime
    phone: str
    key: str
    body: str
    fate: Fate
    provider_id: str | None
    valid_seconds: int | None
    medium: Medium = Medium.TEXT
    token: str = ""
    code: str = ""  # with which it was refused
    free: bool = False  # by WhatsApp: words of our own, in no approved template


@dataclass(frozen=True, slots=True)
class Came:
    """A text or WhatsApp message came to our door; `again` if its first delivery came before."""

    n: int
    at: dt.datetime
    phone: str
    provider_id: str
    meaning: Meaning
    value: int | None
    body: str
    again: bool
    channel: Channel = Channel.SMS
    payload: str = ""  # of the button that was tapped
    replied_to: str = ""


@dataclass(frozen=True, slots=True)
class Rang:
    """A telephone rang, theirs or ours, and this is who picked up."""

    n: int
    at: dt.datetime
    phone: str
    call: str
    inbound: bool
    outcome: str
    words: str  # the first that were said


@dataclass(frozen=True, slots=True)
class Stepped:
    """A key or words went to our door, and words came back; `due` unless it came before or is old."""

    n: int
    at: dt.datetime
    phone: str
    call: str
    key: str
    meaning: Meaning
    value: int | None
    body: str
    sure: bool  # a key, or words the provider is sure of
    due: bool
    before: str  # the words it answers
    heard: str  # the words that came back
    now: str  # the newest words of this call, before this step
    stored: tuple[tuple[int, str, int | None], ...]  # what was on disk when the words came back


@dataclass(frozen=True, slots=True)
class Webbed:
    """An answer came by the link."""

    n: int
    at: dt.datetime
    phone: str
    key: str
    item: str
    code: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A phone must be left alone from here on; by the person, or because the provider says it is no use."""

    n: int
    at: dt.datetime
    phone: str
    by_person: bool
    why: str


Entry = Handed | Came | Rang | Stepped | Webbed | Stopped


@dataclass
class Story:
    """Entries in order."""

    entries: list[Entry] = field(default_factory=list)
    _by_phone: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, kind: type[Entry], **facts: object) -> None:
        entry = kind(n=next(self._numbers), **facts)
        self.entries.append(entry)
        self._by_phone[entry.phone].append(entry)

    @property
    def length(self) -> int:
        return len(self.entries)

    def of(self, kind: type[Entry], phone: str | None = None) -> list[Entry]:
        among = self.entries if phone is None else self._by_phone[phone]
        return [e for e in among if isinstance(e, kind)]

    def told(self, phone: str) -> str:
        """Tell everything that happened at one phone, a line each."""
        return "\n".join(map(_line, self._by_phone[phone]))


def _line(entry: Entry) -> str:
    return f"{entry.n:>5} {entry.at:%a %d %b %H:%M:%S}Z {_what(entry)}"


def _what(entry: Entry) -> str:
    match entry:
        case Handed():
            free = " free" if entry.free else ""
            return f"<- {entry.key} [{entry.medium}{free}, {entry.fate}] {entry.body!r}"
        case Came():
            again, tapped = " again" if entry.again else "", f" tapped {entry.payload}" * bool(entry.payload)
            return (
                f"-> {entry.provider_id[-6:]}{again} {entry.channel} ({entry.meaning}){tapped} {entry.body!r}"
            )
        case Rang():
            return f"(( {entry.call[-6:]} {'to us' if entry.inbound else entry.outcome}: {entry.words!r}"
        case Stepped():
            late = "" if entry.due else " not due"
            return f"(> {entry.key[-8:]}{late} ({entry.meaning}) {entry.body!r}: {entry.heard!r}"
        case Webbed():
            return f"=> web {entry.item}={entry.code}: {entry.outcome}"
    return f"xx left alone: {entry.why}"

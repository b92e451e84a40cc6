"""The story of a simulated world: all that crossed its border, told again when a rule breaks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

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


@dataclass(frozen=True, slots=True)
class Came:
    """A text came to our door; `again` if its first delivery came before."""

    n: int
    at: dt.datetime
    phone: str
    provider_id: str
    meaning: Meaning
    value: int | None
    body: str
    again: bool


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


Entry = Handed | Came | Webbed | Stopped


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
    if isinstance(entry, Handed):
        what = f"<- {entry.key} [{entry.fate}] {entry.body!r}"
    elif isinstance(entry, Came):
        again = " again" if entry.again else ""
        what = f"-> {entry.provider_id[-6:]}{again} ({entry.meaning}) {entry.body!r}"
    elif isinstance(entry, Webbed):
        what = f"=> web {entry.item}={entry.code}: {entry.outcome}"
    else:
        what = f"xx left alone: {entry.why}"
    return f"{entry.n:>5} {entry.at:%a %d %b %H:%M:%S}Z {what}"

"""What is spoken next in a call, and what the call then waits for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pace(StrEnum):
    """How fast something is said."""

    PLAIN = "plain"
    SLOW = "slow"
    SLOWEST = "slowest"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said; `name` is its key in the wording's [spoken] table, under which a recording may stand."""

    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything said before the next key, and whether one is waited for; without it we hang up."""

    lines: tuple[Line, ...]
    language: str = "en"
    pace: Pace = Pace.PLAIN
    waits: bool = True
    hints: tuple[str, ...] = ()

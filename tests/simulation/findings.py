"""What a check found: how often each rule was looked at, and where it was broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule, and the phone whose story shows it."""

    rule: str
    phone: str
    what: str


@dataclass
class Findings:
    """Counts of looks, and violations."""

    counts: Counter[str] = field(default_factory=Counter)
    found: list[Violation] = field(default_factory=list)

    def expect(self, holds: object, rule: str, phone: str, what: object) -> None:
        self.counts[rule] += 1
        if not holds:
            self.found.append(Violation(rule, phone, str(what)))

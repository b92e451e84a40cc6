"""What an outsider has seen: released figures, each with the people it is about, as an insider knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

K = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """One figure at one moment; `cover` are the answers in it, of which only the total is shown.

    Attributes
    ----------
    kind : str
        "week" for any bin, "rolling", or a quarter's "all", "place", "practice", "category", "weighted".
    weights : mapping of int to Fraction or None
        Of each answer in the total; None where each counts as 1.
    cause : str
        What happened just before.
    """

    stream: str
    item: str
    kind: str
    place: str
    start: dt.date
    end: dt.date
    label: str
    total: Fraction
    cover: frozenset[int]
    cause: str
    weights: Mapping[int, Fraction] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return (self.stream, self.item, self.kind, self.place, self.start, self.end, self.label)


@dataclass(frozen=True, slots=True)
class Recovered:
    """A group of fewer than K people whose answers were solved: by which attack, and what they add up to."""

    attack: str
    stream: str
    item: str
    group: frozenset[int]
    value: Fraction


@dataclass(frozen=True, slots=True)
class Truth:
    """What only the simulation knows: each answer's score, and whose it is."""

    scores: Mapping[tuple[str, int], int]  # by item and response
    person_of: Mapping[int, str]

    def n_people(self, group: frozenset[int]) -> int:
        return len({self.person_of[one] for one in group})

    def is_small(self, group: frozenset[int]) -> bool:
        return bool(group) and (len(group) < K or self.n_people(group) < K)

    def total(self, item: str, group: frozenset[int]) -> int:
        return sum(self.scores[item, one] for one in group)

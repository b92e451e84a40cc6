"""Which blocks a quarter's figures leave out, worked out anew from who is who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping

from tests.attacker.people import Person

K = 10


def rests(
    kind: str,
    answers: Mapping[int, frozenset[int]],
    units: Mapping[int, str],
    people: Mapping[int, Person],
    erased: Container[int],
) -> frozenset[int]:
    """Blocks with people of parts that are too small to show, where they hold a third of a unit at most."""
    left: set[int] = set()
    for unit in set(units.values()):
        mine = {id_: replies for id_, replies in answers.items() if units[id_] == unit}
        held = sorted((id_, one) for id_, replies in mine.items() for one in replies if one not in erased)
        first = {people[one].name: one for _, one in reversed(held)}
        parts = Counter(_part(kind, people[one]) for one in first.values())
        small = {_part(kind, people[one]) for _, one in held if parts[_part(kind, people[one])] < K}
        rest = {id_ for id_, one in held if _part(kind, people[one]) in small}
        gone = {id_ for id_, replies in mine.items() if any(one in erased for one in replies)}
        n_small = sum(parts[part] for part in small)
        n_left = sum(id_ in rest | gone for id_, _ in held)
        if n_small < K and 3 * n_left <= len(held):
            left |= rest | gone
    return frozenset(left)


def _part(kind: str, person: Person) -> str:
    return {"place": person.place, "practice": person.practice or ""}.get(kind, "")

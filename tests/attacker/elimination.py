"""The attack that leaves nothing out: everything seen of one item in one quarter, solved at once."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.attacker.algebra import (
    Equation,
    GaveUp,
    P,
    Row,
    Size,
    Solved,
    System,
    components,
    small_rows,
    system_of,
)
from tests.attacker.search import Search, by_chance
from tests.attacker.seen import K, Recovered, Seen, Truth


@dataclass(slots=True)
class Outcome:
    """What elimination found; `undecided` counts the parts whose search was stopped."""

    solved: list[Recovered] = field(default_factory=list)
    undecided: int = 0
    n_atoms: int = 0
    n_equations: int = 0


def eliminate(seen: Iterable[Seen], truth: Truth, *, by_people: bool) -> Outcome:
    """Solve what can be solved about fewer than K people, or fewer than K answers."""
    seen = list(seen)
    first = seen[0]
    system = system_of(Equation(one.weights or dict.fromkeys(one.cover, 1), one.total) for one in seen)
    size = _size_of(system, truth, by_people=by_people)
    outcome = Outcome(n_atoms=len(system.atoms), n_equations=len(system.rows))
    for part in components(small_rows(system, size, K)):
        found, stopped = _smallest(part, size)
        outcome.undecided += stopped
        if found is not None:
            group = frozenset().union(*(system.atoms[atom] for atom in found.weights))
            value = _proved(found, system, truth, first.item)
            outcome.solved.append(Recovered("elimination", first.stream, first.item, group, value))
    return outcome


def _smallest(part: list[Row], size: Size) -> tuple[Solved | None, bool]:
    try:
        return Search(size, K).first(part), False
    except GaveUp:
        found = by_chance(part, size, K, random.Random(len(part)))
        return found, found is None


def _size_of(system: System, truth: Truth, *, by_people: bool) -> Size:
    if not by_people:
        sizes = [len(atom) for atom in system.atoms]
        return lambda atoms: sum(sizes[atom] for atom in atoms)
    names = [frozenset(truth.person_of[one] for one in atom) for atom in system.atoms]
    return lambda atoms: len(frozenset().union(*(names[atom] for atom in atoms)))


def _proved(found: Solved, system: System, truth: Truth, item: str) -> Fraction:
    """Compare what the released numbers give with what the people really said; return the plain sum."""
    said = sum(w * truth.total(item, system.atoms[atom]) for atom, w in found.weights.items())
    if said % P != found.total:
        raise ArithmeticError(f"solved {found.total}, but they said {said}")
    return Fraction(sum(truth.total(item, system.atoms[atom]) for atom in found.weights))

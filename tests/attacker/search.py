"""The search for a combination on few people: each atom in turn is cancelled, or its people are paid for."""

from __future__ import annotations

import random

from tests.attacker.algebra import P, RHS, GaveUp, Row, Size, Solved, reduced, scaled, subtract, support

NODES = 20_000


class Search:
    """Looks through every combination of a basis for one that stands on fewer than k people."""

    def __init__(self, size: Size, k: int, nodes: int = NODES) -> None:
        self._size, self._k, self._left = size, k, nodes

    def first(self, rows: list[Row]) -> Solved | None:
        """Return a solution, or None where there is provably none; raise GaveUp in between."""
        for row in rows:
            if self._size(support(row)) < self._k:
                return _solved(row)
        return self._among(rows, frozenset())

    def _among(self, rows: list[Row], paid: frozenset[int]) -> Solved | None:
        self._left -= 1
        if self._left < 0:
            raise GaveUp
        if not rows:
            return None
        if len(rows) == 1:
            return _solved(rows[0]) if self._size(support(rows[0])) < self._k else None
        open_ = frozenset().union(*map(support, rows)) - paid
        if not open_:
            return _solved(rows[0])  # everything it stands on has been paid for
        atom = max(open_, key=lambda one: (self._size([one]), one))
        found = self._among(_without(rows, atom), paid)
        if found is None and self._size(paid | {atom}) < self._k:
            found = self._among(rows, paid | {atom})
        return found


def by_chance(rows: list[Row], size: Size, k: int, rng: random.Random, turns: int = 40) -> Solved | None:
    """Look at other bases of the same space: a light combination is a row of many of them."""
    for _ in range(turns):
        names = sorted(frozenset().union(*map(support, rows)), key=lambda _: rng.random())
        there = {atom: place for place, atom in enumerate(names)}
        back = {**{place: atom for atom, place in there.items()}, RHS: RHS}
        shuffled = [{there.get(atom, RHS): weight for atom, weight in row.items()} for row in rows]
        for row in reduced(shuffled):
            named = {back[place]: weight for place, weight in row.items()}
            if size(support(named)) < k:
                return _solved(named)
    return None


def _without(rows: list[Row], atom: int) -> list[Row]:
    pivot = next(row for row in rows if atom in row)
    once = scaled(pivot, pow(pivot[atom], -1, P))
    left = []
    for row in rows:
        if row is pivot:
            continue
        other = dict(row)
        if atom in other:
            subtract(other, once, other[atom])
        left.append(other)
    return left


def _solved(row: Row) -> Solved:
    return Solved({atom: row[atom] for atom in support(row)}, row.get(RHS, 0))

"""The search for a combination on few people: each atom in turn is cancelled, or its people are paid for."""

from __future__ import annotations

import random
from collections import Counter

from tests.attacker.algebra import RHS, GaveUp, P, Row, Size, Solved, reduced, scaled, subtract, support

NODES = 20_000


class Search:
    """Looks through every combination of a basis for one that stands on fewer than k people."""

    def __init__(self, size: Size, k: int, nodes: int = NODES) -> None:
        self._size, self._k, self._left = size, k, nodes

    def first(self, rows: list[Row]) -> Solved | None:
        """Return a solution, or None where there is provably none; raise GaveUp in between.

        Every combination uses some row first: those with the row, then those without it.
        """
        for row in rows:
            if self._size(support(row)) < self._k:
                return _solved(row)
        left = list(rows)
        while left:
            n_rows = Counter(atom for row in left for atom in support(row))
            row = max(left, key=lambda one: self._size([atom for atom in support(one) if n_rows[atom] == 1]))
            left = [one for one in left if one is not row]
            found = self._with(row, left, frozenset())
            if found is not None:
                return found
        return None

    def _with(self, row: Row, span: list[Row], paid: frozenset[int]) -> Solved | None:
        self._left -= 1
        if self._left < 0:
            raise GaveUp
        if self._size(paid | support(row)) < self._k:
            return _solved(row)
        n_rows = Counter(atom for one in span for atom in support(one))
        paid |= {atom for atom in support(row) if atom not in n_rows}
        if self._size(paid) >= self._k:
            return None
        open_ = support(row) - paid
        dear = [atom for atom in open_ if self._size(paid | {atom}) >= self._k]
        atom = (
            min(dear, key=lambda one: (n_rows[one], one))
            if dear
            else max(open_, key=lambda one: (self._size([one]), one))
        )
        found = self._with(*_cancelled(row, span, atom), paid)
        if found is None and not dear:
            found = self._with(row, span, paid | {atom})
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


def _cancelled(row: Row, span: list[Row], atom: int) -> tuple[Row, list[Row]]:
    """Use one row of the span to clear an atom from the others, and from `row`."""
    pivot = min((one for one in span if atom in one), key=len)
    once = scaled(pivot, pow(pivot[atom], -1, P))
    cleared = []
    for one in [row, *(other for other in span if other is not pivot)]:
        other = dict(one)
        if atom in other:
            subtract(other, once, other[atom])
        cleared.append(other)
    return cleared[0], cleared[1:]


def _solved(row: Row) -> Solved:
    return Solved({atom: row[atom] for atom in support(row)}, row.get(RHS, 0))

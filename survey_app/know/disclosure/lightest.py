"""The search for an equation that few people stand in: exact, or too hard within the effort allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from survey_app.know.disclosure.equations import PRIME, Equations, Vector, add_multiple

EFFORT = 200_000
"""Coefficients a search may look at before it gives up: about a tenth of a second."""

_FEW = 150


class TooHard(Exception):
    """The search ended before it could say yes or no."""


@dataclass(slots=True)
class _Word:
    """A relation between atoms that all rows but the `open` ones satisfy; how far the vector is from it."""

    open: Vector
    misses_by: int
    atoms: set[int]


def is_light(rest: Vector, equations: Equations, spare: int, effort: int = EFFORT) -> bool:
    """Say whether a vector plus some combination of rows is non-zero on at most `spare` people.

    Parameters
    ----------
    rest : dict of int to int
        A figure over atoms, reduced by the equations and not empty.
    equations : Equations
        What is out; not changed.
    spare : int
        People, K - 1 for the auditor.
    effort : int
        Coefficients to look at, at most.

    Returns
    -------
    bool
        The exact answer.

    Raises
    ------
    TooHard
        If the effort did not suffice.

    Notes
    -----
    In reduced form the coefficient of a row is the result's value at the row's pivot. So a row whose pivot
    has more than `spare` people is never used, and each used row costs its pivot's people. The search decides
    one atom at a time: either it is 0 in the result, which uses up one row, or its people are paid for. Every
    combination lies in a branch. A branch ends when what is left can be paid, or is proved to cost too much.

    The proof adds up words that share no atom. A word is a set of atoms on which the vector differs from
    every combination of rows, so that at least one of them is not 0 in any result: such as an atom with the
    pivots of the rows that touch it. Rows that touch many atoms would be in too many words, so they are
    cancelled between several atoms first. Any part of the vector gives words, so a few atoms are tried before
    all.
    """
    search = _Search(equations.weight, equations.pivot, effort)
    for n_atoms in (_FEW, len(rest)):
        part = dict(islice(rest.items(), n_atoms))
        usable = search.usable(part, equations, spare)
        if search.least(part, usable, equations.rows, spare) > spare:
            return False
    return search.finds(rest, search.connected(usable, equations, spare), spare)


class _Search:
    def __init__(self, weight: Mapping[int, int], pivot: Mapping[int, int], effort: int) -> None:
        self._weight = weight
        self._pivot = pivot
        self._effort = effort

    def usable(self, vector: Vector, equations: Equations, spare: int) -> dict[int, list[int]]:
        columns = equations.columns
        return {atom: [row for row in columns[atom] if self._costs(row) <= spare] for atom in vector}

    def connected(
        self, usable: Mapping[int, list[int]], equations: Equations, spare: int
    ) -> dict[int, Vector]:
        found: dict[int, Vector] = {}
        waiting = {row for rows in usable.values() for row in rows}
        while waiting:
            row = waiting.pop()
            found[row] = equations.rows[row]
            self._work(len(found[row]))
            for atom in found[row]:
                waiting |= {
                    other
                    for other in equations.columns[atom]
                    if other not in found and self._costs(other) <= spare
                }
        return found

    def finds(self, vector: Vector, rows: dict[int, Vector], spare: int) -> bool:
        rows = {row: of_row for row, of_row in rows.items() if self._costs(row) <= spare}
        self._work(len(vector) + sum(map(len, rows.values())))
        if self._people(vector) <= spare:
            return True
        touching = _touching(vector, rows)
        if self.least(vector, touching, rows, spare) > spare:
            return False
        atom = max(vector, key=lambda atom: (bool(touching[atom]), self._weight[atom], -len(touching[atom])))
        if self.finds(*self._without(atom, touching[atom], vector, rows), spare):
            return True
        left = spare - self._weight[atom]
        paid = {row: _less(of_row, atom) for row, of_row in rows.items()}
        return left >= 0 and self.finds(_less(vector, atom), paid, left)

    def least(
        self,
        vector: Vector,
        touching: Mapping[int, list[int]],
        rows: Mapping[int, Vector],
        spare: int,
    ) -> int:
        n_touched = Counter(row for at in touching.values() for row in at)
        many = max(2, len(vector) // (spare + 1))
        few = {atom: [row for row in at if n_touched[row] <= many] for atom, at in touching.items()}
        total, spent = 0, set[int]()
        echelon: dict[int, _Word] = {}
        for atom in sorted(vector, key=lambda atom: (bool(touching[atom]), few[atom])):
            atoms = {atom, *(self._pivot[row] for row in few[atom])}
            if not spent.isdisjoint(atoms):
                continue
            open_ = {row: rows[row][atom] for row in touching[atom] if n_touched[row] > many}
            word = _Word(open_, vector[atom], atoms)
            _cancel(word, echelon)
            if word.open:
                echelon[next(iter(word.open))] = word
            elif word.misses_by:
                total += min(self._weight[atom] for atom in word.atoms)
                if total > spare:
                    break
                spent |= word.atoms
                echelon.clear()
        return total

    def _without(
        self, atom: int, at: list[int], vector: Vector, rows: dict[int, Vector]
    ) -> tuple[Vector, dict[int, Vector]]:
        used = max(at, key=lambda row: (self._costs(row), -len(rows[row])))
        source = rows[used]
        per_unit = PRIME - pow(source[atom], -1, PRIME)
        left = {row: of_row for row, of_row in rows.items() if row != used}
        for row in at:
            if row != used:
                left[row] = _sum(left[row], source, left[row][atom] * per_unit % PRIME)
        return _sum(vector, source, vector[atom] * per_unit % PRIME), left

    def _costs(self, row: int) -> int:
        return self._weight[self._pivot[row]]

    def _people(self, atoms: Iterable[int]) -> int:
        return sum(self._weight[atom] for atom in atoms)

    def _work(self, amount: int) -> None:
        self._effort -= amount
        if self._effort < 0:
            raise TooHard


def _cancel(word: _Word, echelon: Mapping[int, _Word]) -> None:
    for row, other in echelon.items():
        if row in word.open:
            factor = PRIME - word.open[row] * pow(other.open[row], -1, PRIME) % PRIME
            add_multiple(word.open, other.open, factor)
            word.misses_by = (word.misses_by + factor * other.misses_by) % PRIME
            word.atoms |= other.atoms


def _touching(vector: Vector, rows: Mapping[int, Vector]) -> dict[int, list[int]]:
    touching: dict[int, list[int]] = {atom: [] for atom in vector}
    for row, of_row in rows.items():
        for atom in of_row:
            if atom in touching:
                touching[atom].append(row)
    return touching


def _sum(vector: Vector, other: Vector, factor: int) -> Vector:
    result = dict(vector)
    add_multiple(result, other, factor)
    return result


def _less(vector: Vector, atom: int) -> Vector:
    return {key: value for key, value in vector.items() if key != atom}

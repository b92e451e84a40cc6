"""The search for an equation that few people stand in: exact, or too hard within the effort allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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
    search = _Search(equations, effort)
    part = dict(islice(rest.items(), _FEW))
    if search.least(part, search.touching(part, spare), spare) > spare:
        return False
    return search.finds(rest, spare)


class _Search:
    # The rows as one branch sees them: its changes lie over the equations and are taken back after it.

    def __init__(self, equations: Equations, effort: int) -> None:
        self._equations = equations
        self._weight = equations.weight
        self._pivot = equations.pivot
        self._rows: dict[int, Vector] = {}
        self._columns: dict[int, set[int]] = {}
        self._paid: set[int] = set()
        self._effort = effort

    def touching(self, vector: Vector, spare: int) -> dict[int, list[int]]:
        costs, all_columns, changed = self._costs, self._equations.columns, self._columns
        touching = {
            atom: [row for row in changed.get(atom, all_columns[atom]) if costs(row) <= spare]
            for atom in vector
        }
        self._effort -= len(vector) + sum(map(len, touching.values()))
        if self._effort < 0:
            raise TooHard
        return touching

    def finds(self, vector: Vector, spare: int) -> bool:
        weight = self._weight
        if sum(weight[atom] for atom in vector) <= spare:
            return True
        touching = self.touching(vector, spare)
        if self.least(vector, touching, spare) > spare:
            return False
        atom = max(vector, key=lambda atom: (bool(touching[atom]), -len(touching[atom]), weight[atom]))
        return self._finds_without(atom, touching[atom], vector, spare) or self._finds_paying(
            atom, vector, spare
        )

    def _finds_paying(self, atom: int, vector: Vector, spare: int) -> bool:
        left = spare - self._weight[atom]
        if left < 0:
            return False
        self._paid.add(atom)
        found = self.finds({key: value for key, value in vector.items() if key != atom}, left)
        self._paid.remove(atom)
        return found

    def _finds_without(self, atom: int, at: list[int], vector: Vector, spare: int) -> bool:
        used = min(at, key=lambda row: len(self._row(row)))
        source = self._row(used)
        per_unit = PRIME - pow(source[atom], -1, PRIME)
        before = [(used, self._replace(used, {}))]
        for row in at:
            if row != used:
                of_row = self._row(row)
                factor = of_row[atom] * per_unit % PRIME
                before.append((row, self._replace(row, _sum(of_row, source, factor))))
        result = _sum(vector, source, vector[atom] * per_unit % PRIME)
        found = self.finds({key: value for key, value in result.items() if key not in self._paid}, spare)
        for row, of_row in before:
            self._replace(row, of_row)
        return found

    def _row(self, row: int) -> Vector:
        return self._rows[row] if row in self._rows else self._equations.rows[row]

    def _replace(self, row: int, new: Vector) -> Vector:
        old = self._row(row)
        self._effort -= len(old) + len(new)
        for atom in old.keys() ^ new.keys():
            if atom not in self._columns:
                self._columns[atom] = set(self._equations.columns[atom])
            (self._columns[atom].add if atom in new else self._columns[atom].discard)(row)
        self._rows[row] = new
        return old

    def least(
        self,
        vector: Vector,
        touching: Mapping[int, list[int]],
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
            open_ = {row: self._row(row)[atom] for row in touching[atom] if n_touched[row] > many}
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

    def _costs(self, row: int) -> int:
        return self._weight[self._pivot[row]]


def _cancel(word: _Word, echelon: Mapping[int, _Word]) -> None:
    for row, other in echelon.items():
        if row in word.open:
            factor = PRIME - word.open[row] * pow(other.open[row], -1, PRIME) % PRIME
            add_multiple(word.open, other.open, factor)
            word.misses_by = (word.misses_by + factor * other.misses_by) % PRIME
            word.atoms |= other.atoms


def _sum(vector: Vector, other: Vector, factor: int) -> Vector:
    result = dict(vector)
    add_multiple(result, other, factor)
    return result

"""What is out, as linear equations over atoms: groups of people whom every figure so far treats alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

Cell = Any  # hashable
Vector = dict[int, int]
PRIME = 2**61 - 1
"""Equations are solved modulo this: true rank is lost only where it divides a minor of the equations."""

_UNSEEN = 0


class Cut(NamedTuple):
    """A part of an atom became an atom of its own."""

    atom: int
    part: int
    cells: list[Cell]


class Equations:
    """Published figures in reduced echelon form, modulo `PRIME`, over atoms instead of cells.

    Each row has a pivot: an atom that stands in no other row. Rows that hold an atom of `large` people or
    more have such an atom as pivot ("large atoms first"), so the rows with small pivots span every equation
    on small atoms.

    Parameters
    ----------
    people : mapping of hashable to int
        People per cell; a cell may have none of its own.
    large : int
        People from which an atom may be solved.
    """

    def __init__(self, people: Mapping[Cell, int], large: int) -> None:
        self._people = people
        self._large = large
        self.atom_of: dict[Cell, int] = {}
        self._size: Vector = {_UNSEEN: len(people) + 1}
        self._next = 1
        self.weight: Vector = {_UNSEEN: 0}
        self.rows: dict[int, Vector] = {}
        self.pivot: dict[int, int] = {}
        self.columns: dict[int, set[int]] = {_UNSEEN: set()}
        self._row_of_pivot: dict[int, int] = {}

    def split(self, figure: Mapping[Cell, int | Fraction]) -> tuple[Vector, list[Cut]]:
        """Write a figure over atoms, after cutting the atoms that it does not treat alike.

        Parameters
        ----------
        figure : mapping of hashable to int or Fraction
            The weight of each cell's sum in the figure.

        Returns
        -------
        tuple of (dict, list of Cut)
            Coefficient (never 0) by atom, and what `join` needs to undo the cuts.

        Raises
        ------
        KeyError
            If a cell is unknown.
        ValueError
            If a coefficient cannot be told from 0 modulo the prime.
        """
        groups: dict[tuple[int, int], list[Cell]] = {}
        people, atom_of = self._people, self.atom_of
        for cell, coefficient in figure.items():
            if cell not in people:
                raise KeyError(cell)
            if coefficient:
                key = (atom_of.get(cell, _UNSEEN), residue(coefficient))
                groups.setdefault(key, []).append(cell)
        vector, cuts = {}, []
        for (atom, coefficient), cells in groups.items():
            part = atom
            if len(cells) < self._size[atom]:
                part = self._cut(atom, cells)
                cuts.append(Cut(atom, part, cells))
            vector[part] = coefficient
        self._put_large_first({self._row_of_pivot.get(atom) for cut in cuts for atom in cut[:2]})
        return vector, cuts

    def join(self, cuts: list[Cut]) -> None:
        """Undo cuts, latest first; no row may have been added since.

        Parameters
        ----------
        cuts : list of Cut
            What `split` returned.
        """
        for atom, part, cells in reversed(cuts):
            self.atom_of.update(dict.fromkeys(cells, atom))
            self._size[atom] += self._size.pop(part)
            self.weight[atom] += self.weight.pop(part)
            for row in self.columns.pop(part):
                del self.rows[row][part]
            if part in self._row_of_pivot:
                self._set_pivot(self._row_of_pivot[part], atom)

    def reduce(self, vector: Vector) -> Vector:
        """Subtract rows until no pivot is left in a vector.

        Parameters
        ----------
        vector : dict of int to int
            A figure over atoms.

        Returns
        -------
        dict of int to int
            Empty where the figure follows from what is out.
        """
        rest = dict(vector)
        for atom, coefficient in vector.items():
            row = self._row_of_pivot.get(atom)
            if row is not None:
                add_multiple(rest, self.rows[row], PRIME - coefficient)
        return rest

    def add(self, rest: Vector) -> None:
        """Add a reduced figure for good.

        Parameters
        ----------
        rest : dict of int to int
            What `reduce` returned, not empty.
        """
        row, self._next = self._next, self._next + 1
        weight, columns = self.weight, self.columns
        pivot = max(rest, key=lambda atom: (min(weight[atom], self._large), -len(columns[atom])))
        self.rows[row] = rest
        for atom in rest:
            columns[atom].add(row)
        changed = list(columns[pivot])
        self._turn(row, pivot)
        self._put_large_first(changed)

    def _cut(self, atom: int, cells: list[Cell]) -> int:
        part, self._next = self._next, self._next + 1
        n_people = sum(self._people[cell] for cell in cells)
        self.atom_of.update(dict.fromkeys(cells, part))
        self._size[part], self.weight[part] = len(cells), n_people
        self.columns[part] = set(self.columns[atom])
        for row in self.columns[part]:
            self.rows[row][part] = self.rows[row][atom]
        if atom != _UNSEEN:
            self._size[atom] -= len(cells)
            self.weight[atom] -= n_people
        if atom in self._row_of_pivot and n_people > self.weight[atom]:
            self._set_pivot(self._row_of_pivot[atom], part)
        return part

    def _put_large_first(self, rows: Iterable[int | None]) -> None:
        waiting = {row for row in rows if row is not None}
        while waiting:
            row = waiting.pop()
            if self.weight[self.pivot[row]] >= self._large:
                continue
            heaviest = max(self.rows[row], key=self.weight.__getitem__)
            if self.weight[heaviest] >= self._large:
                waiting |= self.columns[heaviest] - {row}
                self._turn(row, heaviest)

    def _turn(self, row: int, pivot: int) -> None:
        vector = self.rows[row]
        inverse = pow(vector[pivot], -1, PRIME)
        if inverse != 1:
            for atom in vector:
                vector[atom] = vector[atom] * inverse % PRIME
        for other in self.columns[pivot] - {row}:
            target = self.rows[other]
            add_multiple(target, vector, PRIME - target[pivot])
            for atom in vector:
                (self.columns[atom].add if atom in target else self.columns[atom].discard)(other)
        self._set_pivot(row, pivot)

    def _set_pivot(self, row: int, pivot: int) -> None:
        if row in self.pivot:
            del self._row_of_pivot[self.pivot[row]]
        self.pivot[row] = pivot
        self._row_of_pivot[pivot] = row


def add_multiple(target: Vector, vector: Vector, factor: int) -> None:
    """Add a multiple of one vector to another, in place, without keeping zeros.

    Parameters
    ----------
    target, vector : dict of int to int
        Residues by atom; only `target` changes.
    factor : int
        Residue to multiply by.
    """
    for atom, coefficient in vector.items():
        value = (target.get(atom, 0) + factor * coefficient) % PRIME
        if value:
            target[atom] = value
        else:
            target.pop(atom, None)


def residue(coefficient: int | Fraction) -> int:
    """Return a coefficient modulo `PRIME`.

    Parameters
    ----------
    coefficient : int or Fraction
        Not 0.

    Returns
    -------
    int
        From 1 to `PRIME` - 1.

    Raises
    ------
    ValueError
        If it cannot be told from 0 modulo the prime.
    """
    if coefficient == 1:
        return 1
    value = coefficient.numerator * pow(coefficient.denominator, -1, PRIME) % PRIME
    if not value:
        raise ValueError(f"{coefficient} is a multiple of {PRIME}: such a figure cannot be audited")
    return value

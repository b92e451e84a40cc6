"""A quick proof that a figure gives nobody away: many small places at which no combination can hide it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from survey_app.know.disclosure.equations import PRIME, Cell, Vector, add_multiple

MOST_BAGS = 3
"""Bags of cells joined for one witness: more would make the little systems large."""
MOST_ATOMS = 8
"""Atoms looked at of one bag."""
TRIES = 6
"""Other bags tried beside one before the next is begun with."""


@dataclass(slots=True)
class Witnesses:
    """The figures that are out, by cell, and the search for witnesses.

    Notes
    -----
    Take a set U of atoms. If the figure, seen on U alone, is no combination of what is out, seen on U
    alone, then whatever is added to it, something in U stays non-zero. Such a U is a witness. Witnesses that
    share no atom add up: the figure plus any combination of what is out is non-zero on at least as many
    people as the lightest atoms of all witnesses have together. With K of them nothing under K can be solved,
    since what is out was safe before. Not finding K witnesses proves nothing.

    A bag is the cells of the first figure they were in, so for weekly blocks one block; bags share no cell.
    Each U is one bag in which the figure has a part and up to two others. Bags that lie in the same figures
    are alike, so one like the last that helped is tried first.
    """

    _at: dict[Cell, Vector] = field(default_factory=dict)
    _bags: dict[int, list[Cell]] = field(default_factory=dict)
    _bag_of: dict[Cell, int] = field(default_factory=dict)
    _kind: dict[int, set[int]] = field(default_factory=dict)
    _n_figures: int = 0

    def keep(self, figure: Mapping[Cell, int]) -> None:
        """Take up a figure that is out.

        Parameters
        ----------
        figure : mapping of hashable to int
            Residues of its coefficients by cell.
        """
        number = self._n_figures
        self._n_figures += 1
        for cell, coefficient in figure.items():
            if cell not in self._bag_of:
                self._bag_of[cell] = number
                self._bags.setdefault(number, []).append(cell)
            else:
                self._kind.setdefault(self._bag_of[cell], set()).add(number)
            self._at.setdefault(cell, {})[number] = coefficient

    def prove(
        self, figure: Mapping[Cell, int], atom_of: Mapping[Cell, int], weight: Mapping[int, int], k: int
    ) -> bool:
        """Look for witnesses of K people in all.

        Parameters
        ----------
        figure : mapping of hashable to int
            Residues by cell; the atoms have been cut for it.
        atom_of : mapping of hashable to int
            The atom of each cell that any figure treats apart.
        weight : mapping of int to int
            People by atom.
        k : int
            How many people are enough.

        Returns
        -------
        bool
            True is a proof; False says nothing.
        """
        inside = dict.fromkeys(self._bag_of[cell] for cell in figure if cell in self._bag_of)
        beside = _Beside(self._kind, [bag for bag in self._bags if bag not in inside])
        # An atom without people of its own proves nothing.
        total, used = 0, {atom for atom in set(atom_of.values()) if not weight[atom]}
        for bag in inside:
            found = self._witness(bag, beside, figure, atom_of, used)
            if found:
                used |= found
                total += min(weight[atom] for atom in found)
            if total >= k:
                return True
        return False

    def _witness(
        self,
        bag: int,
        beside: _Beside,
        figure: Mapping[Cell, int],
        atom_of: Mapping[Cell, int],
        used: set[int],
    ) -> set[int]:
        atoms = self._atoms(bag, atom_of, used)
        if atoms and not self._hides(figure, atoms.values()):
            return set(atoms)
        n_bags = 1
        for other in beside.next(TRIES):
            more = atoms | self._atoms(other, atom_of, used)
            if not self._hides(figure, more.values()):
                beside.helped(other)
                return set(more)
            if n_bags < MOST_BAGS - 1:
                atoms, n_bags = more, n_bags + 1
        return set()

    def _atoms(self, bag: int, atom_of: Mapping[Cell, int], used: set[int]) -> dict[int, Cell]:
        found: dict[int, Cell] = {}
        for cell in self._bags[bag]:
            atom = atom_of.get(cell)
            if atom is not None and atom not in used and atom not in found:
                found[atom] = cell
                if len(found) == MOST_ATOMS:
                    break
        return found

    def _hides(self, figure: Mapping[Cell, int], cells: Iterable[Cell]) -> bool:
        places = list(cells)
        rows: dict[int, Vector] = {}
        for place, cell in enumerate(places):
            for number, coefficient in self._at.get(cell, {}).items():
                rows.setdefault(number, {})[place] = coefficient
        wanted = {place: figure[cell] for place, cell in enumerate(places) if cell in figure}
        return not _reduced(wanted, _echelon(rows.values()))


@dataclass(slots=True)
class _Beside:
    """Bags to join to another, those first that are like the last one that helped."""

    kind: Mapping[int, set[int]]
    bags: list[int]
    _next: int = 0
    _good: list[int] = field(default_factory=list)

    def next(self, tries: int) -> Iterator[int]:
        good = [self._good.pop() for _ in range(min(2, len(self._good)))]
        yield from good
        for _ in range(min(tries - len(good), len(self.bags))):
            self._next = (self._next + _STEP) % len(self.bags)
            yield self.bags[self._next]

    def helped(self, bag: int) -> None:
        alike = self.kind.get(bag)
        if not self._good:
            self._good = [other for other in self.bags if other != bag and self.kind.get(other) == alike]


_STEP = 7919  # a prime: the bags beside are taken from everywhere in turn


def _echelon(rows: Iterable[Vector]) -> dict[int, Vector]:
    found: dict[int, Vector] = {}
    for row in rows:
        rest = _reduced(row, found)
        if rest:
            pivot = next(iter(rest))
            inverse = pow(rest[pivot], -1, PRIME)
            found[pivot] = {place: value * inverse % PRIME for place, value in rest.items()}
    return found


def _reduced(vector: Mapping[int, int], echelon: Mapping[int, Vector]) -> Vector:
    rest = dict(vector)
    for pivot, row in echelon.items():
        if pivot in rest:
            add_multiple(rest, row, PRIME - rest[pivot])
    return rest

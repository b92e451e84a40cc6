"""Exact elimination over everything shown: which combination of figures stands on fewer than K people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

P = (1 << 61) - 1
RHS = -1
"""Under this name a row keeps its total; atoms count from 0."""

Row = dict[int, int]
Size = Callable[[Iterable[int]], int]


@dataclass(frozen=True, slots=True)
class Equation:
    """What one figure says: a weighted sum of unknown answers is known."""

    coefficients: Mapping[int, Fraction | int]
    total: Fraction


@dataclass(frozen=True, slots=True)
class System:
    """Equations over atoms: answers that every figure treats alike."""

    atoms: list[frozenset[int]]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Solved:
    """Weights of atoms, modulo P, and the sum that the figures give for them."""

    weights: dict[int, int]
    total: int


class GaveUp(Exception):
    """The search was stopped before it was complete."""


def modular(value: Fraction | int) -> int:
    whole = Fraction(value)
    return whole.numerator * pow(whole.denominator, -1, P) % P


def system_of(equations: Iterable[Equation]) -> System:
    """Merge answers into atoms, and drop what is said twice."""
    told = list(
        {(frozenset(e.coefficients.items()), e.total): e for e in equations if e.coefficients}.values()
    )
    told.sort(key=lambda equation: len(equation.coefficients))
    signature: dict[int, list[tuple[int, Fraction | int]]] = {}
    for number, equation in enumerate(told):
        for one, weight in equation.coefficients.items():
            signature.setdefault(one, []).append((number, weight))
    members: dict[tuple[tuple[int, Fraction | int], ...], list[int]] = {}
    for one, signs in signature.items():
        members.setdefault(tuple(signs), []).append(one)
    rows: list[Row] = [{RHS: modular(equation.total)} for equation in told]
    inverse: dict[Fraction | int, int] = {}
    for atom, signs in enumerate(members):
        for number, weight in signs:
            if weight not in inverse:
                inverse[weight] = modular(weight)
            rows[number][atom] = inverse[weight]
    return System([frozenset(found) for found in members.values()], rows)


def small_rows(system: System, size: Size, k: int) -> list[Row]:
    """Return a basis of all combinations that stand on atoms of fewer than k people each.

    Large atoms are eliminated first: a row that still has one as its leading atom can be in no solution.
    """
    n_people = [size([atom]) for atom in range(len(system.atoms))]
    order = {
        atom: place for place, atom in enumerate(sorted(range(len(n_people)), key=lambda a: -n_people[a]))
    }
    pivots: dict[int, Row] = {}
    for told in system.rows:
        row = dict(told)
        while True:
            lead = min((atom for atom in row if atom != RHS), key=order.__getitem__, default=None)
            if lead is None:
                if row.get(RHS, 0):
                    raise ArithmeticError("the figures contradict each other")
                break
            if lead not in pivots:
                pivots[lead] = scaled(row, pow(row[lead], -1, P))
                break
            subtract(row, pivots[lead], row[lead])
    return reduced([row for lead, row in pivots.items() if n_people[lead] < k])


def subtract(row: Row, other: Row, factor: int) -> None:
    for atom, weight in other.items():
        left = (row.get(atom, 0) - factor * weight) % P
        if left or atom == RHS:
            row[atom] = left
        else:
            row.pop(atom, None)


def scaled(row: Row, factor: int) -> Row:
    return {atom: weight * factor % P for atom, weight in row.items()}


def support(row: Row) -> frozenset[int]:
    return frozenset(atom for atom in row if atom != RHS)


def reduced(rows: list[Row]) -> list[Row]:
    """Return the reduced form: each row has an atom that stands in no other."""
    done: list[tuple[int, Row]] = []
    for given in rows:
        row = dict(given)
        for pivot, other in done:
            if pivot in row:
                subtract(row, other, row[pivot])
        if not support(row):
            continue
        pivot = min(support(row))
        row = scaled(row, pow(row[pivot], -1, P))
        for _, other in done:
            if pivot in other:
                subtract(other, row, other[pivot])
        done.append((pivot, row))
    return [row for _, row in done]


def components(rows: list[Row]) -> list[list[Row]]:
    """Split a basis where no atom joins the parts: a smallest solution lies in one of them."""
    groups: list[tuple[set[int], list[Row]]] = []
    for row in rows:
        mine, atoms = [row], set(support(row))
        rest = []
        for group in groups:
            if group[0] & atoms:
                atoms |= group[0]
                mine += group[1]
            else:
                rest.append(group)
        groups = [*rest, (atoms, mine)]
    return [found for _, found in groups]

"""Rests: which whole blocks a quarter leaves out, so that nobody is found in what its figures do not show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.memberships import WholeBlock
from survey_app.know.disclosure.cells import NEVER, Cell
from survey_app.know.disclosure.tables import QuarterKind

LeftOut = Mapping[QuarterKind, frozenset[int]]
"""Ids of blocks by kind of figure."""
MOSTLY = 3
"""Blocks are left out of a unit's figures where they hold at most one in so many of its answers."""


def left_out(
    people: Mapping[Cell, int], answers: Mapping[Cell, int], blocks: Mapping[int, WholeBlock]
) -> LeftOut:
    """Return the blocks that each kind of figure leaves out.

    A figure for every part of a unit but a few people gives those few away, so one part more has to stay
    back. Without the blocks they are in, all parts can be shown, of somewhat fewer people.

    Parameters
    ----------
    people, answers : mapping of Cell to int
        One item's cells of a quarter, as when its first figures are judged.
    blocks : mapping of int to WholeBlock
        By id.

    Returns
    -------
    mapping of QuarterKind to frozenset of int
        Decided from counts and the map of places alone.
    """
    of_unit: dict[str, dict[Cell, int]] = {}
    for cell, n in people.items():
        of_unit.setdefault(blocks[cell.block_id].unit_id, {})[cell] = n
    found: dict[QuarterKind, set[int]] = {kind: set() for kind in QuarterKind}
    for cells in of_unit.values():
        for kind in QuarterKind:
            found[kind] |= _of_unit(kind, cells, answers)
    return {kind: frozenset(ids) for kind, ids in found.items()}


def left_from(rows: Mapping[QuarterKind, Iterable[int]]) -> LeftOut:
    """Read back which blocks a quarter's first figures left out.

    Parameters
    ----------
    rows : mapping of QuarterKind to iterable of int
        As stored, only of kinds that left any out.

    Returns
    -------
    mapping of QuarterKind to frozenset of int
        Of every kind.
    """
    return {kind: frozenset(rows.get(kind, ())) for kind in QuarterKind}


def _of_unit(kind: QuarterKind, people: Mapping[Cell, int], answers: Mapping[Cell, int]) -> set[int]:
    parts = Counter[str]()
    for cell, n in people.items():
        parts[_part(kind, cell)] += n
    rest = {cell for cell in people if cell.gone == NEVER or parts[_part(kind, cell)] < K}
    if sum(people[cell] for cell in rest) >= K:
        return set()
    ids = {cell.block_id for cell in rest}
    n_left = sum(answers.get(cell, 0) for cell in people if cell.block_id in ids)
    n_all = sum(answers.get(cell, 0) for cell in people)
    return ids if MOSTLY * n_left <= n_all else set()


def _part(kind: QuarterKind, cell: Cell) -> str:
    match kind:
        case QuarterKind.PLACE:
            return cell.place_id
        case QuarterKind.PRACTICE:
            return cell.practice_id
        case _:
            return ""  # a category is told apart over many units, each with rests of its own

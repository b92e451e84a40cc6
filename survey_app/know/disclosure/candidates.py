"""Which quarterly figures are asked for, in declared order, and which people each one is about."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.places import ancestors
from survey_app.ask.population.tables import Place, PlaceKind, PopulationCount
from survey_app.know.aggregation.memberships import WholeBlock
from survey_app.know.aggregation.units import Units
from survey_app.know.disclosure.cells import HELD, NOT_STATED, Cell
from survey_app.know.disclosure.rests import LeftOut
from survey_app.know.disclosure.tables import QuarterKind

Population = Mapping[tuple[str, str], int]
"""People by place and category."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that is asked for: at a place, of a category where its kind has one."""

    kind: QuarterKind
    place_id: str
    category: str = NOT_STATED


def figures_with(cell: Cell, block: WholeBlock) -> Iterator[Candidate]:
    """Yield every figure that people of a cell are in, while they are held.

    Parameters
    ----------
    cell : Cell
        Of the same quarter.
    block : WholeBlock
        The cell's block: it keeps the parents it closed under.

    Yields
    ------
    Candidate
        A weighted figure holds everybody whose category is stated.
    """
    yield Candidate(QuarterKind.PLACE, cell.place_id)
    if cell.practice_id:
        yield Candidate(QuarterKind.PRACTICE, cell.practice_id)
    for parent in ancestors(block.unit_path):
        yield Candidate(QuarterKind.CATEGORY, parent, cell.category)
        if cell.category != NOT_STATED:
            yield Candidate(QuarterKind.WEIGHTED, parent)


def was_in(cell: Cell, edition: int) -> bool:
    """Return whether people of a cell were held when an edition went out.

    Parameters
    ----------
    cell : Cell
        Of the quarter.
    edition : int
        1 for the first figures.

    Returns
    -------
    bool
        Those erased before the first figures were in none.
    """
    return cell.gone == HELD or cell.gone >= edition


def candidates(
    session: Session, quarter: dt.date, blocks: Collection[WholeBlock], categories: Iterable[str]
) -> list[Candidate]:
    """List what is asked for in a quarter, from the map of places alone: no list may depend on answers.

    Parameters
    ----------
    session : Session
        Any session.
    quarter : date
        The Monday on which it begins.
    blocks : collection of WholeBlock
        Their parents are those the quarter had.
    categories : iterable of str
        Of the declared breakdown, in order; "not stated" comes last.

    Returns
    -------
    list of Candidate
        Grouped places, practices, the breakdown at each parent from the top, then the weighted estimates.
    """
    parents = dict.fromkeys(
        parent
        for path in sorted({block.unit_path for block in blocks}, key=lambda path: (path.count("/"), path))
        for parent in ancestors(path)
    )
    practices = session.scalars(
        sa.select(Place.id).where(Place.kind == PlaceKind.PRACTICE).order_by(Place.id)
    )
    asked = [*categories, NOT_STATED]
    return [
        *(Candidate(QuarterKind.PLACE, place_id) for place_id in sorted(Units(session).group_on(quarter))),
        *(Candidate(QuarterKind.PRACTICE, place_id) for place_id in practices),
        *(Candidate(QuarterKind.CATEGORY, parent, category) for parent in parents for category in asked),
        *(Candidate(QuarterKind.WEIGHTED, parent) for parent in parents),
    ]


def population(session: Session, quarter: dt.date) -> Population:
    """Return how many people of each category live at each locality and, added up, at every parent.

    Parameters
    ----------
    session : Session
        Any session.
    quarter : date
        Its Monday: localities count under the parents they had then.

    Returns
    -------
    mapping of (str, str) to int
        By place and category; empty where no table of the population was taken in.
    """
    units = Units(session)
    query = sa.select(PopulationCount.place_id, PopulationCount.category, PopulationCount.n)
    found: Counter[tuple[str, str]] = Counter()
    for locality, category, n in session.connection().execute(query):
        for place_id in units.path_of(locality, quarter).strip("/").split("/"):
            found[place_id, category] += n
    return found


def by_figure(
    cells: Iterable[Cell], blocks: Mapping[int, WholeBlock], left: LeftOut
) -> dict[Candidate, list[Cell]]:
    """Sort the cells of one item by the figures they are in.

    Parameters
    ----------
    cells : iterable of Cell
        Held or gone; people who were erased before the first figures are in none.
    blocks : mapping of int to WholeBlock
        By id.
    left : mapping of QuarterKind to frozenset of int
        The blocks that each kind of figure leaves out.

    Returns
    -------
    dict of Candidate to list of Cell
        Figures without anybody are left out.
    """
    found: dict[Candidate, list[Cell]] = {}
    for cell in cells:
        if cell.gone >= HELD:
            for candidate in figures_with(cell, blocks[cell.block_id]):
                if cell.block_id not in left[candidate.kind]:
                    found.setdefault(candidate, []).append(cell)
    return found


def by_category(cells: Iterable[Cell], counts: Mapping[Cell, int]) -> Counter[str]:
    """Add up counts of cells by category.

    Parameters
    ----------
    cells : iterable of Cell
        Which cells.
    counts : mapping of Cell to int
        Answers or people.

    Returns
    -------
    Counter
        By category.
    """
    found: Counter[str] = Counter()
    for cell in cells:
        found[cell.category] += counts[cell]
    return found

"""Judging one item's quarterly figures: the auditor decides, on numbers of people and on nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.counts import ALIKE_UNTIL
from survey_app.know.disclosure.auditor import Auditor
from survey_app.know.disclosure.candidates import (
    Candidate,
    Population,
    by_category,
    by_figure,
    was_in,
)
from survey_app.know.disclosure.cells import HELD, Cell, ItemCells, QuarterCells, added
from survey_app.know.disclosure.rests import LeftOut, left_out
from survey_app.know.disclosure.tables import QuarterKind, Reason

Equation = Mapping[Cell, int | Fraction]

WEIGHTED_FROM = 50
"""Answers that a weighted figure needs at least."""
MOST_UNEVEN = 2
"""Design effect above which weights cost more certainty than they give."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a candidate; `published` where the auditor counts it as known."""

    published: bool
    reason: Reason | None = None
    counts: Mapping[int, float] = field(default_factory=dict)
    n_valid: int = 0
    n_effective: float | None = None
    residents: dict[str, int] | None = None


class Judge:
    """Everything that is out about one item in one quarter, and what may follow.

    Parameters
    ----------
    cells : QuarterCells
        The quarter's cells.
    item_id : str
        The item.
    residents : mapping
        The population.
    categories : tuple of str
        Of the declared breakdown.
    left : LeftOut, optional
        The blocks that the quarter's first figures left out; None before these.
    """

    def __init__(
        self,
        cells: QuarterCells,
        item_id: str,
        residents: Population,
        categories: tuple[str, ...],
        left: LeftOut | None = None,
    ) -> None:
        of_item = cells.items.get(item_id, ItemCells())
        self._answers, self._codes = of_item.answers, of_item.codes
        self._people = cells.people(item_id)
        self.left = left_out(self._people, self._answers, cells.blocks) if left is None else left
        self._members = by_figure(self._people, cells.blocks, self.left)
        self._residents = residents
        self._categories = categories
        self._auditor = Auditor(self._people, k=K)
        # Every weekly figure is a union of whole blocks, and live ones show them one by one.
        of_block: dict[int, dict[Cell, int]] = {}
        for cell in self._people:
            of_block.setdefault(cell.block_id, {})[cell] = 1
        for equation in of_block.values():
            self._auditor.know(equation)

    def know(self, candidate: Candidate, *, edition: int, residents: dict[str, int] | None) -> None:
        """Take into account what is out already.

        Parameters
        ----------
        candidate : Candidate
            What the figure was about.
        edition : int
            When it went out: people erased since were in it.
        residents : dict of str to int or None
            What its weights stood on.
        """
        self._auditor.know(self._equation(self._held(candidate, edition), residents))

    def n_left(self, candidate: Candidate, *, since: int) -> int:
        """Count the people of a figure, at least, who were erased after it went out.

        Parameters
        ----------
        candidate : Candidate
            What the figure was about.
        since : int
            Its edition.

        Returns
        -------
        int
            People, 0 or more.
        """
        cells = self._members.get(candidate, [])
        return sum(self._people[cell] for cell in cells if cell.gone != HELD and cell.gone >= since)

    def judge(self, candidate: Candidate, *, edition: int) -> Verdict:
        """Judge a figure as it would go out now.

        Parameters
        ----------
        candidate : Candidate
            What it is about.
        edition : int
            The edition it would belong to.

        Returns
        -------
        Verdict
            The figure, or why there is none.
        """
        held = self._held(candidate, edition)
        residents = self._residents_of(candidate)
        if refused := self._refused(held, residents):
            return Verdict(published=False, reason=refused)
        equation = self._equation(held, residents)
        if refusal := self._auditor.release(equation):
            return Verdict(published=False, reason=Reason(refusal.value))
        return self._shown(held, equation, residents)

    def _held(self, candidate: Candidate, edition: int) -> list[Cell]:
        return [cell for cell in self._members.get(candidate, []) if was_in(cell, edition)]

    def _residents_of(self, candidate: Candidate) -> dict[str, int] | None:
        if candidate.kind is not QuarterKind.WEIGHTED:
            return None
        return {one: self._residents.get((candidate.place_id, one), 0) for one in self._categories}

    def _refused(self, held: list[Cell], residents: dict[str, int] | None) -> Reason | None:
        if residents is None:
            return Reason.TOO_FEW if sum(self._people[cell] for cell in held) < K else None
        if not residents or not all(residents.values()):
            return Reason.NO_POPULATION
        people, answers = (by_category(held, counts) for counts in (self._people, self._answers))
        n_valid = sum(answers.values())
        if n_valid < WEIGHTED_FROM or min(people[one] for one in residents) < K:
            return Reason.TOO_FEW
        return Reason.TOO_UNEVEN if n_valid > MOST_UNEVEN * _effective(answers, residents) else None

    def _equation(self, held: list[Cell], residents: dict[str, int] | None) -> Equation:
        if residents is None:
            return dict.fromkeys(held, 1)
        weights = _weights(by_category(held, self._answers), residents)
        return {cell: weights[cell.category] for cell in held}

    def _shown(self, held: list[Cell], equation: Equation, residents: dict[str, int] | None) -> Verdict:
        codes = added(self._codes[cell] for cell in held)
        n_valid = sum(codes.values())
        if n_valid < ALIKE_UNTIL and len(codes) == 1:
            # Known all the same, so that what may follow never depends on what people said.
            return Verdict(published=True, reason=Reason.ALL_ALIKE)
        if residents is None:
            return Verdict(published=True, counts=codes, n_valid=n_valid)
        counts: dict[int, float] = dict.fromkeys(sorted(codes), 0.0)
        for cell, weight in equation.items():
            for code, n in self._codes[cell].items():
                counts[code] += float(weight * n_valid * n)
        return Verdict(
            published=True,
            counts=counts,
            n_valid=n_valid,
            n_effective=_effective(by_category(held, self._answers), residents),
            residents=residents,
        )


def _weights(n_answers: Mapping[str, int], residents: Mapping[str, int]) -> dict[str, Fraction]:
    # Post-stratification: a category's answers count together as much as its people live there.
    total = sum(residents.values())
    return {one: Fraction(residents[one], total * n) for one, n in n_answers.items()}


def _effective(n_answers: Mapping[str, int], residents: Mapping[str, int]) -> float:
    # Kish (1965): (sum of weights)^2 over the sum of their squares; these weights add up to 1.
    weights = _weights(n_answers, residents)
    return 1 / float(sum(weights[one] ** 2 * n for one, n in n_answers.items()))

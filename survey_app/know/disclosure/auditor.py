"""The auditor: refuses a figure that, with all others, would let fewer than K people's answers be solved."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from fractions import Fraction

from survey_app.know.disclosure.equations import Cell, Equations, Vector, residue
from survey_app.know.disclosure.lightest import EFFORT, TooHard, is_light
from survey_app.know.disclosure.witnesses import Witnesses

Figure = Mapping[Cell, int | Fraction]


QUICK = 20_000
"""Effort after which witnesses are looked for, before the search goes on to its end."""


class Refusal(enum.StrEnum):
    """Why a figure may not go out."""

    TOO_FEW = "too_few"
    """Fewer than K people stand in the figure itself."""
    SOLVES = "solves"
    """With what is out it would solve a sum of fewer than K people's answers."""
    UNPROVEN = "unproven"
    """That it solves nothing could not be proved within the effort allowed."""


class Auditor:
    """Everything published about one item in one quarter, and the judge of what may be published next.

    Parameters
    ----------
    people : mapping of hashable to int
        People per cell, the finest groups any figure will tell apart. Whoever has answers in several cells
        counts in one of them, so that cells added up never have more people than are behind them; a cell
        may have none.
    k : int
        A weighted sum of the answers of fewer people than this may never be solved: 10 for users and carers.
    effort : int
        Coefficients one search may look at before the figure is refused as `UNPROVEN`.

    Notes
    -----
    A figure is a linear equation in the cells' unknown sums of answers; who reads it knows its coefficients.
    What can be solved is exactly the row space of all equations. A figure is refused if that space, with the
    figure, would hold a non-zero vector that is non-zero on fewer than K people in all. Sums of K or more
    people may be solved.

    Exact: cells with equal columns have equal coefficients in every vector of the space, so they merge into
    atoms without loss; a vector on fewer than K people has no atom of K people, so rows with such a pivot
    are never in it; the search covers every combination of the others (`lightest.is_light`). What is out was
    judged when it went out, so only vectors in which the figure has a part are looked for. Conservative:
    whoever has answers in several cells counts once, perhaps elsewhere; a search that gives up refuses.
    Modulo a prime of 61 bits the space differs from the true one only if the prime divides a minor of the
    equations; tests compare with exact fractions.

    Answers are taken as free numbers. Bounds on answers (0 to 100) can give away more than linear algebra
    does: see docs/algorithms/auditor.md.

    References
    ----------
    F. Y. Chin and G. Ozsoyoglu, "Auditing and inference control in statistical databases", IEEE Transactions
    on Software Engineering SE-8 (1982) 574-582.
    """

    def __init__(self, people: Mapping[Cell, int], *, k: int = 10, effort: int = EFFORT) -> None:
        self._people = people
        self._k = k
        self._effort = effort
        self._equations = Equations(people, k)
        self._witnesses = Witnesses()

    def know(self, figure: Figure) -> None:
        """Add a figure that is out already, without asking: a whole block, or one that was judged before.

        Parameters
        ----------
        figure : mapping of hashable to int or Fraction
            Coefficients of the cells' sums; cells left out have 0.
        """
        vector, _ = self._equations.split(figure)
        rest = self._equations.reduce(vector)
        if rest:
            self._equations.add(rest)
            self._witnesses.keep(_residues(figure))

    def admits(self, figure: Figure) -> bool:
        """Say whether a figure could go out now; nothing is kept.

        Parameters
        ----------
        figure : mapping of hashable to int or Fraction
            As for `know`.

        Returns
        -------
        bool
            True if every weighted sum of fewer than K people's answers would stay unsolved.
        """
        return self._ask(figure, keep=False) is None

    def release(self, figure: Figure) -> Refusal | None:
        """Keep a figure that may go out, or say why it may not.

        Parameters
        ----------
        figure : mapping of hashable to int or Fraction
            As for `know`.

        Returns
        -------
        Refusal or None
            None if the figure may go out and is kept; a refused figure leaves no trace.
        """
        return self._ask(figure, keep=True)

    def _ask(self, figure: Figure, *, keep: bool) -> Refusal | None:
        if sum(self._people[cell] for cell, coefficient in figure.items() if coefficient) < self._k:
            return Refusal.TOO_FEW
        vector, cuts = self._equations.split(figure)
        rest = self._equations.reduce(vector)
        refusal = self._judge(rest, figure) if rest else None
        if refusal is not None or not keep or not rest:
            self._equations.join(cuts)
        else:
            self._equations.add(rest)
            self._witnesses.keep(_residues(figure))
        return refusal

    def _judge(self, rest: Vector, figure: Figure) -> Refusal | None:
        equations, spare = self._equations, self._k - 1
        try:
            light = is_light(rest, equations, spare, min(QUICK, self._effort))
        except TooHard:
            if self._witnesses.prove(_residues(figure), equations.atom_of, equations.weight, self._k):
                return None
            try:
                light = is_light(rest, equations, spare, self._effort)
            except TooHard:
                return Refusal.UNPROVEN
        return Refusal.SOLVES if light else None


def _residues(figure: Figure) -> dict[Cell, int]:
    return {cell: residue(coefficient) for cell, coefficient in figure.items() if coefficient}

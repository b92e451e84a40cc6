"""Weights that make answers look like the population: raking; with one margin, post-stratification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.samples import Numbers, as_numbers, same_length

Codes = NDArray[np.intp]
Targets = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Margin:
    """One variable: each answer's category as a number, and what each category's weights must sum to."""

    codes: Codes
    targets: Numbers


@dataclass(frozen=True, slots=True)
class Fit:
    """The weights as they stood when one margin had just been met."""

    codes: Codes
    weights: Numbers


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights, one an answer; how many rounds they took, if they settled, and the last round's fits."""

    weights: Numbers
    rounds: int
    settled: bool
    fits: tuple[Fit, ...]


def read_margin(name: str, categories: Sequence[str | None], targets: Targets) -> Margin:
    """Match the categories of the answers with those of the population.

    Parameters
    ----------
    name : str
        The variable, for messages.
    categories : sequence of str, length n
        One an answer.
    targets : mapping of str to float
        People in each category of the population.

    Returns
    -------
    Margin
        ``codes`` of shape (n,) into ``targets`` of shape (categories with answers,).

    Raises
    ------
    BadSampleError
        For an answer without a category or in one the population lacks or has nobody in, for a category with
        people but no answers (merge it with a neighbour), and for negative or infinite targets.
    """
    present = sorted({category for category in categories if category is not None})
    if None in categories:
        _refuse(name, "an answer has no category: expected one for each")
    totals = as_numbers([targets.get(category, 0.0) for category in present], f"{name} targets")
    if strangers := [category for category, total in zip(present, totals, strict=True) if total <= 0]:
        _refuse(name, f"answers but no people in {', '.join(strangers)}")
    if empty := [category for category, total in targets.items() if total != 0 and category not in present]:
        _refuse(name, f"people but no answers in {', '.join(empty)}: merge categories")
    places = {category: place for place, category in enumerate(present)}
    return Margin(np.array([places[category] for category in categories if category], dtype=np.intp), totals)


def rake(
    margins: Sequence[Margin], start: Sequence[float] | Numbers, rounds: int = 100, tolerance: float = 1e-9
) -> Raked:
    """Adjust weights to one margin after the other until nothing changes.

    Parameters
    ----------
    margins : sequence of Margin
        In the order in which they are adjusted; where their totals disagree, the last one wins.
    start : sequence of float, length n
        Weights to begin with, above 0: 1 each, or the inverse of the chance to be asked.
    rounds : int
        Rounds over all margins at most.
    tolerance : float
        Largest change of any cell of the margins' cross-table in a round that counts as none, in the unit of
        the weights; under 1, as a share of the starting weights' sum.

    Returns
    -------
    Raked
        ``weights`` of shape (n,), above 0; ``settled`` is False where rounds ran out.

    Raises
    ------
    BadSampleError
        For no margins, bad starting weights, or lists of different lengths.

    References
    ----------
    Deming WE, Stephan FF (1940). Ann Math Stat 11:427-444. docs/algorithms/weights.md.
    """
    weights = as_numbers(start, "weights", above=0)
    if not margins or not len(weights):
        message = "expected at least one margin and one answer"
        raise BadSampleError(message)
    same_length(weights, *(margin.codes.astype(np.float64) for margin in margins))
    _, cells = np.unique(np.column_stack([margin.codes for margin in margins]), axis=0, return_inverse=True)
    enough = tolerance * float(weights.sum()) if tolerance < 1 else tolerance
    before, fits = np.bincount(cells, weights), []
    for done in range(1, rounds + 1):
        fits = _round(weights, margins)
        weights = fits[-1].weights
        after = np.bincount(cells, weights)
        if float(np.abs(after - before).max()) < enough:
            return Raked(weights, done, settled=True, fits=tuple(fits))
        before = after
    return Raked(weights, rounds, settled=False, fits=tuple(fits))


def population_weights(
    categories: Mapping[str, Sequence[str | None]], population: Mapping[str, Targets]
) -> Raked:
    """Compute the weights the product uses: raked from 1 each, or refused.

    Parameters
    ----------
    categories : mapping of variable to sequence of str, length n
        The category of each answer.
    population : mapping of variable to mapping of str to float
        People in each category; every variable must add up to the same number.

    Returns
    -------
    Raked
        ``weights`` of shape (n,), in people; those of each category sum to its people within a relative 1e-6.

    Raises
    ------
    BadSampleError
        As `read_margin`; for variables that differ, totals that disagree by more than a relative 1e-6, and
        margins that 100 rounds do not meet.

    References
    ----------
    docs/algorithms/weights.md.

    Examples
    --------
    >>> raked = population_weights({"sex": ["F", "F", "M"]}, {"sex": {"F": 50, "M": 50}})
    >>> raked.weights.tolist()
    [25.0, 25.0, 50.0]
    """
    if set(categories) != set(population) or not categories:
        message = f"variables {sorted(categories)} and {sorted(population)}: expected the same ones"
        raise BadSampleError(message)
    margins = [read_margin(name, categories[name], population[name]) for name in sorted(categories)]
    if not totals_agree(margins):
        message = "the variables' people add up to different numbers: expected one population"
        raise BadSampleError(message)
    raked = rake(margins, np.ones(len(margins[0].codes)), tolerance=1e-12)
    if _worst(raked.weights, margins) >= 1e-6:
        message = f"margins not met after {raked.rounds} rounds: merge categories or drop a variable"
        raise BadSampleError(message)
    return raked


def totals_agree(margins: Sequence[Margin]) -> bool:
    """Say whether all margins describe a population of one size.

    Parameters
    ----------
    margins : sequence of Margin
        At least one.

    Returns
    -------
    bool
        Whether their totals differ by at most a relative 1e-6.
    """
    totals = [float(margin.targets.sum()) for margin in margins]
    return max(totals) - min(totals) <= 1e-6 * max(totals)


def _round(weights: Numbers, margins: Sequence[Margin]) -> list[Fit]:
    fits = []
    for margin in margins:
        current = np.bincount(margin.codes, weights)
        weights = weights * (margin.targets / current)[margin.codes]
        fits.append(Fit(margin.codes, weights))
    return fits


def _worst(weights: Numbers, margins: Sequence[Margin]) -> float:
    found = [np.bincount(margin.codes, weights) / margin.targets for margin in margins]
    return max(float(np.abs(ratio - 1).max()) for ratio in found)


def _refuse(name: str, what: str) -> None:
    message = f"{name}: {what}"
    raise BadSampleError(message)

"""The mean of weighted answers and how sure it is, by linearisation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.raking import Fit
from survey_app.stats.samples import Numbers, as_numbers, same_length

SWEEPS = 10


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """A weighted mean and its standard error, in the answers' unit; no error for fewer than two answers."""

    mean: float
    se: float | None


def weighted_mean(
    values: Sequence[float] | Numbers,
    weights: Sequence[float] | Numbers,
    fits: Sequence[Fit] = (),
    population: float | None = None,
) -> WeightedMean | None:
    """Compute a weighted mean with its linearised standard error.

    Parameters
    ----------
    values, weights : sequence of float, length n
        Answers, in any unit, and their weights, above 0.
    fits : sequence of Fit
        Of the raking that made the weights: knowing the population's margins makes the mean surer.
    population : float or None
        People the answers were drawn from, for the finite population correction; None leaves it out.

    Returns
    -------
    WeightedMean or None
        None for no answers.

    Raises
    ------
    BadSampleError
        For numbers that are not finite, weights of 0 or less, unequal lengths, more answers than people.

    References
    ----------
    Binder DA (1983). Int Stat Rev 51:279-292. Deville JC, Särndal CE (1992). J Am Stat Assoc 87:376-382:
    residuals on the calibration variables. docs/algorithms/weights.md.

    Examples
    --------
    >>> found = weighted_mean([1, 2, 3, 4], [1, 1, 1, 1])
    >>> found.mean, round(found.se, 4)
    (2.5, 0.6455)
    """
    answers, array = as_numbers(values, "values"), as_numbers(weights, "weights", above=0)
    same_length(answers, array)
    n = len(answers)
    if population is not None and not n <= population:
        message = f"{n} answers from {population} people: expected no more answers than people"
        raise BadSampleError(message)
    if n == 0:
        return None
    shares = array / array.sum()
    mean = float((shares * answers).sum())
    if n == 1:
        return WeightedMean(mean, None)
    influence = _residuals(shares * (answers - mean), fits)
    spread = float(((influence - influence.mean()) ** 2).sum()) * n / (n - 1)
    rest = 1.0 if population is None else 1 - n / population
    return WeightedMean(mean, math.sqrt(spread * rest))


def _residuals(influence: Numbers, fits: Sequence[Fit]) -> Numbers:
    for _ in range(SWEEPS if len(fits) > 1 else len(fits)):
        for fit in fits:
            means = np.bincount(fit.codes, influence / fit.weights) / np.bincount(fit.codes)
            influence = influence - fit.weights * means[fit.codes]
    return influence

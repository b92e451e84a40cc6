"""Do the items of a scale measure one thing: McDonald's omega from a one-factor model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey_app.stats.samples import Numbers, as_answers, complete_rows

FEWEST_PEOPLE = 100
FEWEST_ITEMS = 3


def mcdonald_omega(rows: Sequence[Sequence[float | None]] | Numbers) -> float | None:
    """Compute omega total of the people who answered every item.

    Parameters
    ----------
    rows : sequence of n rows of k values
        A row a person, a column an item; None where an answer is missing.

    Returns
    -------
    float or None
        0 to 1, without unit. None for fewer than 3 items or 100 complete rows, an item that never varies, a
        loading of 1 or more (a Heywood case), or a model that does not settle.

    Raises
    ------
    BadSampleError
        For rows of different lengths or infinite values.

    References
    ----------
    McDonald RP (1999). Test Theory: A Unified Treatment, ch 6. docs/algorithms/reliability.md.
    """
    answers = complete_rows(as_answers(rows))
    n, k = answers.shape
    if n < FEWEST_PEOPLE or k < FEWEST_ITEMS or (np.ptp(answers, axis=0) == 0).any():
        return None
    loadings = one_factor(np.asarray(np.corrcoef(answers, rowvar=False)))
    if loadings is None:
        return None
    common = loadings.sum() ** 2
    return float(common / (common + (1 - loadings**2).sum()))


def one_factor(correlations: Numbers) -> Numbers | None:
    """Fit one factor by iterated principal axes.

    Parameters
    ----------
    correlations : array of shape (k, k)
        Of the items.

    Returns
    -------
    array of shape (k,) or None
        Loadings, their sum not negative; None for a Heywood case, or where 2,000 rounds settle nothing.

    References
    ----------
    Harman HH (1976). Modern Factor Analysis, 3rd ed, ch 8.
    """
    reduced = correlations.copy()
    shared = _first_guess(correlations)
    for _ in range(2000):
        np.fill_diagonal(reduced, shared)
        values, vectors = np.linalg.eigh(reduced)
        loadings: Numbers = vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.0))
        if (np.abs(loadings) >= 1).any():
            return None
        change = float(np.abs(loadings**2 - shared).max())
        shared = loadings**2
        if change < 1e-10:
            return loadings if loadings.sum() >= 0 else -loadings
    return None


def _first_guess(correlations: Numbers) -> Numbers:
    # The largest correlation of each item: unlike the squared multiple correlation it needs no inverse.
    apart = np.abs(correlations) - np.eye(len(correlations))
    guess: Numbers = apart.max(axis=1)
    return guess

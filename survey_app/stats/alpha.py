"""Do the items of a scale hang together: Cronbach's alpha with Feldt's interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.stats.intervals import check_level
from survey_app.stats.samples import Numbers, as_answers, complete_rows


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha with its interval, alpha of the standardised items, and which items run against the others."""

    alpha: float
    low: float
    high: float
    standardised: float | None
    against: tuple[int, ...]
    n: int


def cronbach_alpha(rows: Sequence[Sequence[float | None]] | Numbers, level: float = 0.95) -> Alpha | None:
    """Compute Cronbach's alpha of the people who answered every item.

    Parameters
    ----------
    rows : sequence of n rows of k values
        A row a person, a column an item, reversed items already turned; None where an answer is missing.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    Alpha or None
        Numbers without unit, at most 1, possibly far below 0; ``n`` counts complete rows; ``against`` holds
        columns, from 0, that correlate negatively with the sum of the others. None for fewer than two items
        or two complete rows, or where sums do not vary.

    Raises
    ------
    BadSampleError
        For rows of different lengths, infinite values or a bad level.

    References
    ----------
    Cronbach LJ (1951). Psychometrika 16:297-334. Feldt LS (1965). Psychometrika 30:357-370.
    docs/algorithms/reliability.md.

    Examples
    --------
    >>> rows = ["3233", "2221", "3323", "1011", "2122", "0101", "3332", "2212", "1110", "2322"]
    >>> found = cronbach_alpha([[int(value) for value in row] for row in rows])
    >>> round(found.alpha, 4), round(found.low, 4), round(found.high, 4)
    (0.9085, 0.7592, 0.9745)
    """
    check_level(level)
    answers = complete_rows(as_answers(rows))
    n, k = answers.shape
    if n < 2 or k < 2:
        return None
    items, total = answers.var(axis=0, ddof=1).sum(), answers.sum(axis=1).var(ddof=1)
    if total <= 1e-12 * items or total == 0:
        return None
    alpha = float(k / (k - 1) * (1 - items / total))
    low, high = _feldt(alpha, n, k, level)
    return Alpha(alpha, low, high, standardised_alpha(answers), _against(answers), n)


def standardised_alpha(answers: Numbers, *, turn: bool = False) -> float | None:
    """Compute alpha as if every item had the same variance, from the mean correlation.

    Parameters
    ----------
    answers : array of shape (n, k)
        Complete rows.
    turn : bool
        Whether to turn items that load negatively on the first principal component.

    Returns
    -------
    float or None
        Without unit. Items that never vary are left out; None where fewer than two remain.

    References
    ----------
    Falk CF, Savalei V (2011). J Pers Assess 93:445-453.
    """
    varying = answers[:, np.ptp(answers, axis=0) > 0] if len(answers) > 1 else answers[:, :0]
    k = varying.shape[1]
    if k < 2:
        return None
    correlations: Numbers = np.asarray(np.corrcoef(varying, rowvar=False))
    signs = _component_signs(correlations) if turn else np.ones(k)
    mean = float(((correlations * np.outer(signs, signs)).sum() - k) / (k * (k - 1)))
    spread = 1 + (k - 1) * mean
    return k * mean / spread if spread > 1e-12 else None


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    from scipy.special import fdtri  # statistics of few answers never need it

    freedom = (n - 1, (n - 1) * (k - 1))
    low, high = (1 - (1 - alpha) * float(fdtri(*freedom, (1 + side * level) / 2)) for side in (1, -1))
    return low, high


def _against(answers: Numbers) -> tuple[int, ...]:
    centred = answers - answers.mean(axis=0)
    rest = centred.sum(axis=1, keepdims=True) - centred
    covariances = (centred * rest).sum(axis=0)
    noise = 1e-12 * float((answers**2).sum())
    return tuple(int(column) for column in np.flatnonzero(covariances < -noise))


def _component_signs(correlations: Numbers) -> Numbers:
    first = np.linalg.eigh(correlations).eigenvectors[:, -1]
    upright = first if first.sum() >= 0 else -first
    return np.where(upright < 0, -1.0, 1.0)

"""How far the members of one team agree: r_wg(j), its variant that does not grow with items, and AD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.samples import Numbers, as_answers, complete_rows


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of n people: r_wg(j) 0 to 1, r*_wg at most 1, AD_M in steps of the scale."""

    rwg_j: float
    rwg_star: float
    ad_m: float
    n: int


def uniform_variance(options: float) -> float:
    """Compute the variance of answers given at random.

    Parameters
    ----------
    options : float
        How many options an item has, at least 2.

    Returns
    -------
    float
        In squared steps: (A^2 - 1) / 12.

    Raises
    ------
    BadSampleError
        For fewer than two options.

    References
    ----------
    James LR, Demaree RG, Wolf G (1984). J Appl Psychol 69:85-98.

    Examples
    --------
    >>> [uniform_variance(options) for options in (4, 5, 7)]
    [1.25, 2.0, 4.0]
    """
    if not options >= 2:
        message = f"{options} options: expected at least 2"
        raise BadSampleError(message)
    return (options**2 - 1) / 12


def team_agreement(
    rows: Sequence[Sequence[float | None]] | Numbers, null_variance: float
) -> Agreement | None:
    """Compute how far one team agrees, over the members who answered every item.

    Parameters
    ----------
    rows : sequence of n rows of j values
        A row a member, a column an item, all on one scale; None where an answer is missing.
    null_variance : float
        Variance of one item without any agreement, in squared steps: `uniform_variance`, or less where
        answers lean to one side (1.34 for five options leaning slightly).

    Returns
    -------
    Agreement or None
        None for fewer than two complete rows, or no items.

    Raises
    ------
    BadSampleError
        For rows of different lengths, infinite values, or a null variance of 0 or less.

    References
    ----------
    James LR, Demaree RG, Wolf G (1984). J Appl Psychol 69:85-98 (r_wg(j)). Lindell MK, Brandt CJ, Whitney DJ
    (1999). Appl Psychol Meas 23:127-135 (r*_wg). Burke MJ, Finkelstein LM, Dusig MS (1999). Organ Res Methods
    2:49-68 (AD_M). docs/algorithms/agreement.md.

    Examples
    --------
    >>> rows = [[4, 4, 5, 4], [4, 5, 4, 4], [5, 4, 4, 5], [4, 4, 4, 4], [3, 4, 4, 4]]
    >>> found = team_agreement(rows, uniform_variance(5))
    >>> round(found.rwg_j, 4), round(found.rwg_star, 4), round(found.ad_m, 2)
    (0.9617, 0.8625, 0.34)
    """
    if not 0 < null_variance < np.inf:
        message = f"null variance {null_variance}: expected a number above 0"
        raise BadSampleError(message)
    answers = complete_rows(as_answers(rows))
    n, j = answers.shape
    if n < 2 or j < 1:
        return None
    spread = float(answers.var(axis=0, ddof=1).mean()) / null_variance
    capped = min(spread, 1.0)
    deviations = np.abs(answers - answers.mean(axis=0))
    agreed = j * (1 - capped)
    return Agreement(agreed / (agreed + capped), 1 - spread, float(deviations.mean()), n)


def small_deviation(ad_m: float, options: int) -> bool:
    """Say whether members lie close enough to their mean to speak of one view.

    Parameters
    ----------
    ad_m : float
        Mean absolute deviation, in steps.
    options : int
        How many options an item has.

    Returns
    -------
    bool
        Whether AD_M is at most A / 6.

    References
    ----------
    Burke MJ, Dunlap WP (2002). Organ Res Methods 5:159-172.

    Examples
    --------
    >>> small_deviation(0.34, 5), small_deviation(1.2, 5)
    (True, False)
    """
    return ad_m <= options / 6

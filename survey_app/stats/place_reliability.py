"""How far the mean of a place tells it from other places, and how many answers that takes."""

from __future__ import annotations

import math

from survey_app.stats.intervals import BadSampleError


def place_reliability(n: float, icc: float) -> float:
    """Compute the reliability of a place's mean (Spearman-Brown).

    Parameters
    ----------
    n : float
        Answers a place.
    icc : float
        Share of the variance of answers that lies between places, 0 to 1.

    Returns
    -------
    float
        0 to 1: the share of the variance of places' means that is real; 0 for no answers or no differences.

    Raises
    ------
    BadSampleError
        For a negative n or an icc that is no share.

    References
    ----------
    Brown W (1910), Spearman C (1910). Br J Psychol 3:296-322, 271-295. docs/algorithms/reliability.md.

    Examples
    --------
    >>> round(place_reliability(45, 0.05), 3)
    0.703
    """
    if not (math.isfinite(n) and n >= 0 and 0 <= icc <= 1):
        message = f"n {n}, icc {icc}: expected n from 0 up and icc between 0 and 1"
        raise BadSampleError(message)
    return n * icc / (1 + (n - 1) * icc) if n and icc else 0.0


def answers_needed(reliability: float, icc: float) -> int | None:
    """Compute how many answers a place needs.

    Parameters
    ----------
    reliability : float
        The reliability wanted, over 0 and under 1.
    icc : float
        Share of the variance of answers that lies between places, 0 to 1.

    Returns
    -------
    int or None
        The least whole number that reaches it, at least 1; None where places do not differ.

    Raises
    ------
    BadSampleError
        For a reliability or an icc outside its bounds.

    References
    ----------
    `place_reliability`, solved for n.

    Examples
    --------
    >>> answers_needed(0.7, 0.05)
    45
    """
    if not (0 < reliability < 1 and 0 <= icc <= 1):
        message = f"reliability {reliability}, icc {icc}: expected shares, reliability under 1 and over 0"
        raise BadSampleError(message)
    if icc == 0:
        return None
    exact = reliability / (1 - reliability) * (1 - icc) / icc
    return max(1, math.ceil(exact * (1 - 1e-12)))  # 4 x 0.98 / 0.02 is 196, whatever its last bit says

"""An interval for anything that can be computed: the answers are drawn again, repeatably by a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from survey_app.stats.intervals import BadSampleError, check_level
from survey_app.stats.samples import Numbers, as_numbers


def bootstrap_interval(
    statistic: Callable[[list[Numbers]], float | None],
    groups: Sequence[Sequence[float]] | Sequence[Numbers],
    *,
    seed: int,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """Compute a percentile interval, each group drawn again from its own answers.

    Parameters
    ----------
    statistic : callable
        From one array of answers a group to a number, or None where it cannot be computed.
    groups : sequence of sequences of float
        The answers of each group; sizes stay as they are.
    seed : int
        Of the generator: same seed and answers, same interval.
    draws : int
        How often to draw, at least 100.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    tuple of float and float, or None
        Ends in the statistic's unit; None where a group is empty or over one draw in twenty has no statistic.

    Raises
    ------
    BadSampleError
        For answers that are not finite, fewer than 100 draws, or a bad level.

    References
    ----------
    Efron B, Tibshirani RJ (1993). An Introduction to the Bootstrap, 13.3. docs/algorithms/inequality.md.

    Examples
    --------
    >>> bootstrap_interval(lambda groups: float(groups[0].mean()), [[2, 2, 2]], seed=1)
    (2.0, 2.0)
    """
    check_level(level)
    if draws < 100:
        message = f"{draws} draws: expected at least 100"
        raise BadSampleError(message)
    answers = [as_numbers(group, "answers") for group in groups]
    if not answers or not all(len(group) for group in answers):
        return None
    generator = np.random.default_rng(seed)
    found = [statistic([generator.choice(group, len(group)) for group in answers]) for _ in range(draws)]
    kept = [value for value in found if value is not None]
    if len(kept) < 0.95 * draws:
        return None
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)

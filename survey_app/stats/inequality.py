"""How steeply a score rises from the most to the least deprived: slope and relative index of inequality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.stats.bootstrap import bootstrap_interval
from survey_app.stats.intervals import BadSampleError, Interval
from survey_app.stats.samples import Numbers, as_numbers, same_length

FEWEST_ANSWERS = 30
DRAWS = 1000
ENDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Gradient:
    """A line through the groups: its slope over the whole population, its two ends, and it in proportion.

    `ratio` is the upper end over the lower, `relative` the slope over the mean; None where that would divide
    by 0 or less.
    """

    slope: float
    bottom: float
    top: float
    ratio: float | None
    relative: float | None


@dataclass(frozen=True, slots=True)
class GradientInterval:
    """Slope index, and ratio of the line's upper to its lower end, each with a 95 % interval."""

    slope: Interval
    ratio: Interval | None


def gradient(people: Sequence[float], means: Sequence[float]) -> Gradient | None:
    """Fit the gradient across groups.

    Parameters
    ----------
    people : sequence of float, length K
        Population of each group, most deprived first, above 0: from the register, not from the answers.
    means : sequence of float, length K
        Mean score of each group.

    Returns
    -------
    Gradient or None
        In the unit of the scores: positive where the least deprived score higher. None for under two groups.

    Raises
    ------
    BadSampleError
        For groups without people, numbers that are not finite, or lists of different lengths.

    References
    ----------
    Mackenbach JP, Kunst AE (1997). Soc Sci Med 44:757-771. docs/algorithms/inequality.md.

    Examples
    --------
    >>> found = gradient([200, 180, 210, 190, 220], [62, 66, 69, 73, 78])
    >>> round(found.slope, 4), round(found.ratio, 4), round(found.relative, 4)
    (19.8399, 1.3313, 0.2842)
    """
    sizes, values = as_numbers(people, "people", above=0), as_numbers(means, "means")
    same_length(sizes, values)
    if len(sizes) < 2:
        return None
    shares = sizes / sizes.sum()
    ranks = np.cumsum(shares) - shares / 2
    mean = float((shares * values).sum())
    centred = ranks - (shares * ranks).sum()
    slope = float((shares * centred * (values - mean)).sum() / (shares * centred**2).sum())
    bottom = mean - slope / 2
    top = mean + slope / 2
    return Gradient(
        slope, bottom, top, top / bottom if bottom > 0 else None, slope / mean if mean > 0 else None
    )


def slope_index(people: Sequence[float], answers: Sequence[Sequence[float]], *, seed: int) -> Interval | None:
    """Compute the slope index of inequality with a bootstrap interval.

    Parameters
    ----------
    people : sequence of float, length K
        Population of each group, most deprived first, above 0.
    answers : sequence of K sequences of float
        The answers in each group.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Interval or None
        In the unit of the answers; None for fewer than two groups, or fewer than 30 answers in one.

    Raises
    ------
    BadSampleError
        As `gradient`; for as many groups of answers as of people not given.

    References
    ----------
    `gradient`, `survey_app.stats.bootstrap`.
    """
    if len(people) != len(answers):
        message = f"{len(answers)} groups of answers, {len(people)} of people: expected one number"
        raise BadSampleError(message)
    if len(people) < 2 or min(len(group) for group in answers) < FEWEST_ANSWERS:
        return None

    def slope(groups: list[Numbers]) -> float:
        found = gradient(people, [float(group.mean()) for group in groups])
        return found.slope if found else 0.0

    whole = slope([as_numbers(group, "answers") for group in answers])
    ends = bootstrap_interval(slope, answers, seed=seed)
    return Interval(whole, *ends) if ends else None


def gradient_interval(
    people: Sequence[float], values: Sequence[float], counts: Sequence[Sequence[float]], *, seed: int
) -> GradientInterval | None:
    """Compute slope and ratio with bootstrap intervals from counted answers.

    Parameters
    ----------
    people : sequence of float, length K
        Population of each group, most deprived first, above 0.
    values : sequence of float, length V
        The scores an answer may have.
    counts : sequence of K sequences of float, length V
        Answers of each group by score.
    seed : int
        Of the bootstrap.

    Returns
    -------
    GradientInterval or None
        None for fewer than two groups, or fewer than 30 answers in one; no ratio where its line reaches 0.

    Raises
    ------
    BadSampleError
        As `gradient`; for counts that do not fit groups and scores.

    Notes
    -----
    Drawing n answers again, each with the chance its score had, is one draw of a multinomial: the same
    bootstrap as `slope_index`, without a list of answers.

    References
    ----------
    `gradient`. Efron B, Tibshirani RJ (1993). An Introduction to the Bootstrap, 13.3.
    """
    table = [as_numbers(group, "counts") for group in counts]
    scores = as_numbers(values, "values")
    if len(people) != len(table) or any(len(group) != len(scores) for group in table):
        message = "counts: expected a row for each group and a number for each score"
        raise BadSampleError(message)
    if len(people) < 2 or min(float(group.sum()) for group in table) < FEWEST_ANSWERS:
        return None
    generator = np.random.default_rng(seed)
    sizes = [round(float(group.sum())) for group in table]
    means = np.column_stack(
        [
            generator.multinomial(n, group / group.sum(), size=DRAWS) @ scores / n
            for n, group in zip(sizes, table, strict=True)
        ]
    )
    whole = gradient(people, [float(group @ scores / group.sum()) for group in table])
    if whole is None:
        return None
    slopes, bottoms = _lines(people, means)
    ratio = None
    if whole.ratio is not None and (above := bottoms > 0).mean() >= 0.95:
        low, high = np.quantile(1 + slopes[above] / bottoms[above], ENDS)
        ratio = Interval(whole.ratio, float(low), float(high))
    low, high = np.quantile(slopes, ENDS)
    return GradientInterval(Interval(whole.slope, float(low), float(high)), ratio)


def _lines(people: Sequence[float], means: Numbers) -> tuple[Numbers, Numbers]:
    # Slope and lower end of `gradient` for many draws at once: both are sums over the groups.
    shares = as_numbers(people, "people", above=0)
    shares = shares / shares.sum()
    ranks = np.cumsum(shares) - shares / 2
    centred = shares * (ranks - shares @ ranks)
    slopes = means @ (centred / (centred @ ranks))
    return slopes, means @ shares - slopes / 2

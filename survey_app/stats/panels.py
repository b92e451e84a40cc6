"""How a panel's votes lie: the middle, the spread, and whether the panel is split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from survey_app.stats.intervals import BadSampleError

SPLIT_SHARE = 1 / 3
"""Four of twelve raters, for panels of any size."""
FEWEST = 3
"""Two people who differ are a conversation, not a split panel."""


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of a panel on one dimension.

    Attributes
    ----------
    n, n_outside : int
        How many voted, and how many of them outside the three points around the median.
    median, low, high, quartile1, quartile3 : float
        Of the votes, in points of the scale.
    split : bool
        Whether a third or more voted outside.
    """

    n: int
    median: float
    low: float
    high: float
    quartile1: float
    quartile3: float
    n_outside: int
    split: bool


def votes_of(points: Sequence[float]) -> Votes | None:
    """Describe the votes of a panel.

    Parameters
    ----------
    points : sequence of float, shape (n,)
        One whole point a rater.

    Returns
    -------
    Votes or None
        None where nobody voted. A panel of fewer than three is never called split.

    Raises
    ------
    BadSampleError
        For a vote that is no whole point.

    Notes
    -----
    The three points are the median and its neighbours. A median between two points has two such regions; the
    one that holds more votes counts, so that a panel is called split only where both would call it so.
    Quartiles are interpolated between votes (type 7).

    References
    ----------
    docs/algorithms/panels.md.

    Examples
    --------
    >>> votes_of([3, 3, 3, 3, 4, 4, 2, 2, 0, 0, 5, 5])
    Votes(n=12, median=3.0, low=0, high=5, quartile1=2.0, quartile3=4.0, n_outside=4, split=True)
    """
    if any(point != math.floor(point) for point in points):
        message = "expected votes of whole points"
        raise BadSampleError(message)
    if not points:
        return None
    middle, n = float(median(points)), len(points)
    around = {math.floor(middle), math.ceil(middle)}
    outside = min(sum(abs(point - centre) > 1 for point in points) for centre in around)
    quarters = quantiles(points, n=4, method="inclusive") if n > 1 else [middle] * 3
    split = n >= FEWEST and outside >= n * SPLIT_SHARE
    return Votes(n, middle, min(points), max(points), quarters[0], quarters[2], outside, split)

"""Small places borrow strength: means pulled to the common mean as far as chance explains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.stats.samples import Numbers, as_numbers, same_length

FEWEST_PLACES = 8


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Smoothed means and their approximate variances; tau2 of 0 says: no evidence of real differences."""

    means: Numbers
    variances: Numbers
    kept: Numbers
    common: float
    tau2: float


def shrink(means: Sequence[float], sizes: Sequence[float], variance: float) -> Shrunken | None:
    """Smooth places' means by empirical Bayes.

    Parameters
    ----------
    means, sizes : sequence of float, length K
        Mean score and number of answers, a place each.
    variance : float
        Of answers within places (pooled), in squared units of the means, above 0.

    Returns
    -------
    Shrunken or None
        ``means``, ``variances`` and ``kept`` (how much of its own distance each place keeps, 0 to 1) of
        shape (K,); ``tau2`` is the variance between places. None for fewer than two places.

    Raises
    ------
    BadSampleError
        For a place without answers, a variance of 0 or less, or lists of different lengths.

    Notes
    -----
    Shown from 8 places up (`FEWEST_PLACES`), labelled as smoothed. A withheld place stays withheld.

    References
    ----------
    DerSimonian R, Laird N (1986). Control Clin Trials 7:177-188. Fay RE, Herriot RA (1979). J Am Stat Assoc
    74:269-277. docs/algorithms/shrinkage.md.

    Examples
    --------
    >>> found = shrink([1.9, 2.2, 1.7, 2.4, 2.0, 1.6], [12, 40, 25, 60, 9, 33], 0.8)
    >>> round(found.tau2, 5), round(found.common, 4), round(float(found.means[0]), 4)
    (0.10265, 1.9794, 1.9313)
    """
    values, all_of = as_numbers(means, "means"), as_numbers(sizes, "sizes", above=0)
    same_length(values, all_of)
    own = float(as_numbers([variance], "variance", above=0)[0]) / all_of
    if len(values) < 2:
        return None
    tau2 = _between(values, own)
    weights = 1 / (own + tau2)
    common = float((weights * values).sum() / weights.sum())
    kept = tau2 / (tau2 + own)
    smoothed = kept * values + (1 - kept) * common
    return Shrunken(smoothed, kept * own + (1 - kept) ** 2 / weights.sum(), kept, common, tau2)


def _between(values: Numbers, own: Numbers) -> float:
    weights = 1 / own
    centre = (weights * values).sum() / weights.sum()
    excess = (weights * (values - centre) ** 2).sum() - (len(values) - 1)
    return max(0.0, float(excess / (weights.sum() - (weights**2).sum() / weights.sum())))

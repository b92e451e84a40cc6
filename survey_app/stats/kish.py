"""What weighting costs: Kish's effective number of answers and the design effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.stats.samples import Numbers, as_numbers

FEWEST_ANSWERS = 50
LARGEST_EFFECT = 2.0


@dataclass(frozen=True, slots=True)
class WeightCost:
    """How many answers of equal weight n weighted ones are worth, and how much larger the variance is."""

    n: int
    effective: float
    design_effect: float


class Unfit(StrEnum):
    """Why weighted figures are not shown."""

    TOO_FEW = "too_few"
    TOO_UNEVEN = "too_uneven"


def weight_cost(weights: Sequence[float] | Numbers) -> WeightCost | None:
    """Compute Kish's approximate design effect.

    Parameters
    ----------
    weights : sequence of float, length n
        Above 0, in any unit.

    Returns
    -------
    WeightCost or None
        ``effective`` from 1 to n answers, ``design_effect`` = n / effective, at least 1; None for nobody.

    Raises
    ------
    BadSampleError
        For weights that are not finite numbers above 0.

    References
    ----------
    Kish L (1965). Survey Sampling, 11.7. docs/algorithms/weights.md.

    Examples
    --------
    >>> cost = weight_cost([0.5, 0.5, 1, 1, 1, 2, 2, 0.8, 1.2, 1])
    >>> round(cost.effective, 3), round(cost.design_effect, 3)
    (8.299, 1.205)
    """
    array = as_numbers(weights, "weights", above=0)
    n = len(array)
    if n == 0:
        return None
    relative = array / array.max()  # the same ratio; squares neither vanish nor overflow
    effective = float(relative.sum() ** 2 / (relative**2).sum())
    return WeightCost(n, effective, n / effective)


def why_unfit(weights: Sequence[float] | Numbers) -> Unfit | None:
    """Say why figures with these weights are not shown.

    Parameters
    ----------
    weights : sequence of float, length n
        Above 0, in any unit.

    Returns
    -------
    Unfit or None
        Fewer than 50 answers, or a design effect over 2; None where they may be shown.

    Raises
    ------
    BadSampleError
        For weights that are not finite numbers above 0.

    Examples
    --------
    >>> why_unfit([1.0] * 49).value, why_unfit([1.0] * 50)
    ('too_few', None)
    """
    cost = weight_cost(weights)
    if cost is None or cost.n < FEWEST_ANSWERS:
        return Unfit.TOO_FEW
    return Unfit.TOO_UNEVEN if cost.design_effect > LARGEST_EFFECT else None

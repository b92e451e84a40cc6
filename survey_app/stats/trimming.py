"""No answer counts too little or too much: weights within bounds around their mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.samples import Numbers, as_numbers


def trim_weights(weights: Sequence[float] | Numbers, low: float = 0.3, high: float = 3.0) -> Numbers:
    """Bring weights within bounds without changing their sum.

    Parameters
    ----------
    weights : sequence of float, length n
        Above 0, in any unit.
    low, high : float
        Bounds, as multiples of the mean weight.

    Returns
    -------
    array of shape (n,)
        The same sum; every weight within the bounds; those strictly inside all multiplied by one number, so
        their ratios stay. Margins that raking had met no longer hold exactly.

    Raises
    ------
    BadSampleError
        For weights that are not finite numbers above 0, and for bounds that no weights of this mean can keep:
        low over 1, high under 1.

    References
    ----------
    Potter FJ (1990). Proc Survey Res Meth Sect ASA, 225-230. docs/algorithms/weights.md.

    Examples
    --------
    >>> [round(float(weight), 2) for weight in trim_weights([1, 1, 1, 1, 16], high=2)]
    [3.0, 3.0, 3.0, 3.0, 8.0]
    """
    array = as_numbers(weights, "weights", above=0)
    if not 0 <= low <= 1 <= high < np.inf:
        message = f"bounds {low} and {high} times the mean: expected one up to 1 and one from 1 up"
        raise BadSampleError(message)
    if len(array) == 0:
        return array
    relative = np.maximum(array / array.mean(), 1e-150)
    trimmed: Numbers = np.clip(relative * _factor(relative, low, high), low, high)
    scaled: Numbers = trimmed * (array.sum() / trimmed.sum())
    return scaled


def _factor(relative: Numbers, low: float, high: float) -> float:
    # The sum of clipped weights grows with the factor, in straight pieces between the factors at which one
    # weight meets a bound: find the piece that reaches n, then the place in it.
    turns = np.unique(np.concatenate([low / relative, high / relative]))
    sums = np.array([float(np.clip(relative * turn, low, high).sum()) for turn in turns])
    return float(np.interp(len(relative), np.maximum.accumulate(sums), turns))

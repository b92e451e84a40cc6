"""Numbers as arrays: finite, of one shape, missing answers as NaN where they are allowed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey_app.stats.intervals import BadSampleError

Numbers = NDArray[np.float64]


def as_numbers(values: Sequence[float] | Numbers, name: str, *, above: float | None = None) -> Numbers:
    """Read finite numbers.

    Parameters
    ----------
    values : sequence of float, length n
        In any unit.
    name : str
        What they are, for the message.
    above : float or None
        What every number must exceed.

    Returns
    -------
    array of shape (n,)
        The same numbers.

    Raises
    ------
    BadSampleError
        For anything infinite, missing, nested or not above the bound.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        message = f"{name}: expected a flat list of finite numbers"
        raise BadSampleError(message)
    if above is not None and not (array > above).all():
        message = f"{name}: expected numbers above {above:g}"
        raise BadSampleError(message)
    return array


def as_answers(rows: Sequence[Sequence[float | None]] | Numbers) -> Numbers:
    """Read answers of people to items.

    Parameters
    ----------
    rows : sequence of n rows of k values
        A row a person, a column an item; None where an answer is missing.

    Returns
    -------
    array of shape (n, k)
        NaN where an answer is missing; shape (0, 0) for nobody.

    Raises
    ------
    BadSampleError
        For rows of different lengths and for infinite values.
    """
    if len(rows) == 0:
        return np.empty((0, 0))
    if len({len(row) for row in rows}) > 1:
        message = "rows: expected one length for all"
        raise BadSampleError(message)
    array = np.asarray(rows, dtype=np.float64)
    if array.ndim != 2 or np.isinf(array).any():
        message = "rows: expected finite numbers or nothing"
        raise BadSampleError(message)
    return array


def complete_rows(answers: Numbers) -> Numbers:
    """Keep the people who answered every item.

    Parameters
    ----------
    answers : array of shape (n, k)
        NaN where an answer is missing.

    Returns
    -------
    array of shape (m, k)
        The complete rows, in their order.
    """
    return answers[~np.isnan(answers).any(axis=1)]


def same_length(*arrays: Numbers) -> None:
    """Refuse lists that do not belong together.

    Parameters
    ----------
    *arrays : array
        One element a unit in each.

    Raises
    ------
    BadSampleError
        Where the lengths differ.
    """
    if len({len(array) for array in arrays}) > 1:
        message = f"lists of {', '.join(str(len(array)) for array in arrays)}: expected one length"
        raise BadSampleError(message)

"""Figures in their unit, as people write and say them."""

from __future__ import annotations

import math


def spoken(value: float, unit: str, decimals: int = 0) -> str:
    """Return a value as people say it.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
        "score 0-100", "percent", "people", or the unit of an operational measure.
    decimals : int
        The least number of decimals.

    Returns
    -------
    str
        For example "68 out of 100", "54%" or "31 people".
    """
    figure = plain(value, unit, decimals)
    if unit == "percent":
        return f"{figure}%"
    return f"{figure} out of 100" if is_score(unit) else f"{figure} {unit}"


def is_score(unit: str) -> bool:
    """Tell whether figures of a unit are scores out of 100.

    Parameters
    ----------
    unit : str
        A measure's unit.

    Returns
    -------
    bool
        True for "score 0-100".
    """
    return unit.startswith("score")


def top_of(unit: str) -> float:
    """Return the most that a figure can be.

    Parameters
    ----------
    unit : str
        A measure's unit.

    Returns
    -------
    float
        100 for scores and shares, else infinity.
    """
    return 100.0 if is_score(unit) or unit == "percent" else math.inf


def plain(value: float, unit: str, decimals: int = 0) -> str:
    """Return a value in figures, without its unit.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
        A measure's unit: small rates get a decimal, large ones commas.
    decimals : int
        The least number of decimals.

    Returns
    -------
    str
        Never a negative nothing.

    Examples
    --------
    >>> plain(68.4, "score 0-100"), plain(23456.7, "per 100,000 a year"), plain(2.34, "per 1,000")
    ('68', '23,457', '2.3')
    """
    if top_of(unit) == math.inf and unit != "people":
        decimals = 0 if abs(value) >= 100 or not value else max(decimals, int(abs(value) < 20))
    rounded = f"{value:,.{decimals}f}"
    return rounded.removeprefix("-") if not float(rounded.replace(",", "")) else rounded

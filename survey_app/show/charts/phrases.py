"""Figures in plain words: the small phrases that every form of a series shares."""

from __future__ import annotations

from survey_app.know.evidence.units import is_score, plain, top_of

_SCALES = {"percent": "Per cent of people", "people": "Number of people"}


def chance_words(by_chance: float) -> str:
    """Write how many charts chance alone would mark.

    Parameters
    ----------
    by_chance : float
        As expected, 0 or more.

    Returns
    -------
    str
        A whole number, or that it is less than one.

    Examples
    --------
    >>> chance_words(4.2), chance_words(0.3)
    ('about 4', 'fewer than 1')
    """
    return f"about {by_chance:.0f}" if by_chance >= 1 else "fewer than 1"


def figure_words(value: float | None, unit: str, *, decimals: int = 0) -> str:
    """Write a figure with its unit where the unit is short.

    Parameters
    ----------
    value : float or None
        In `unit`.
    unit : str
        The measure's unit.
    decimals : int
        How many decimals to show.

    Returns
    -------
    str
        The figure, or an empty text for None.

    Examples
    --------
    >>> figure_words(67.6, "score")
    '68'
    >>> figure_words(67.6, "percent", decimals=1)
    '67.6%'
    """
    if value is None:
        return ""
    figure = plain(value, unit, decimals)
    return f"{figure}%" if unit == "percent" else figure


def short_words(value: float, unit: str) -> str:
    """Write a figure where there is little room, beside a picture.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
        The measure's unit.

    Returns
    -------
    str
        In thousands from 1,000 on.

    Examples
    --------
    >>> short_words(22515, "per 100,000 a year"), short_words(68, "percent")
    ('22.5k', '68%')
    """
    if abs(value) < 1_000 or unit == "people":
        return figure_words(value, unit)
    return f"{value / 1000:.1f}".removesuffix(".0") + "k"


def scale_words(unit: str) -> str:
    """Say what the figures of a unit are.

    Parameters
    ----------
    unit : str
        The measure's unit.

    Returns
    -------
    str
        A phrase for axes and captions.
    """
    return _SCALES.get(unit, "Score out of 100" if is_score(unit) else unit.capitalize())


def limit_words(lower: float | None, upper: float | None, unit: str) -> str:
    """Write a pair of limits; one beyond the end of the scale says no more than the end does.

    Parameters
    ----------
    lower, upper : float or None
        In `unit`.
    unit : str
        The measure's unit.

    Returns
    -------
    str
        Both ends, or an empty text where one is missing.

    Examples
    --------
    >>> limit_words(31.8, 104.2, "score")
    '32 to 100'
    """
    if lower is None or upper is None:
        return ""
    ends = [min(max(end, 0.0), top_of(unit)) for end in (lower, upper)]
    return f"{figure_words(ends[0], unit)} to {figure_words(ends[1], unit)}"

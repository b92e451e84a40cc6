"""What a panel's result says in words: title and description of its picture, and the words of its table."""

from __future__ import annotations

from survey_app.know.evidence.panels.result import Band, Judged, PanelResult

BANDS = {Band.INITIAL: "Initial", Band.PROGRESSING: "Progressing", Band.OPTIMISING: "Optimising"}


def points_words(value: float) -> str:
    """Write a point of the scale, without a decimal that says nothing.

    Parameters
    ----------
    value : float
        0 to 5.

    Returns
    -------
    str
        With at most one decimal.

    Examples
    --------
    >>> points_words(3.0), points_words(2.5)
    ('3', '2.5')
    """
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def panel_title(result: PanelResult, place: str) -> str:
    """Name the picture.

    Parameters
    ----------
    result : PanelResult
        As stored.
    place : str
        The place's name.

    Returns
    -------
    str
        One line.
    """
    return f"{result.title} {place}"


def panel_alt(result: PanelResult) -> str:
    """Describe the picture.

    Parameters
    ----------
    result : PanelResult
        As stored.

    Returns
    -------
    str
        The sentence of the result, then every dimension with its middle vote.
    """
    each = "; ".join(
        f"{number}, {one.title}: {points_words(one.median)}{', split' if one.split else ''}"
        for number, one in enumerate(result.dimensions, 1)
    )
    return f"{panel_sentence(result)} Radar picture of the middle votes, from 0 to 5. {each}."


def panel_sentence(result: PanelResult) -> str:
    """Say in a sentence or two what the panel judged.

    Parameters
    ----------
    result : PanelResult
        As stored.

    Returns
    -------
    str
        How many judged, what is furthest and least far, and where they are apart.
    """
    if not result.dimensions:
        return f"None of {result.n_asked} people answered."
    in_order = sorted(result.dimensions, key=lambda one: one.median)
    least, most = in_order[0], in_order[-1]
    told = [
        f"{len(result.raters)} of {result.n_asked} people judged.",
        f"Furthest: {most.title} ({points_words(most.median)} of 5).",
        f"Least far: {least.title} ({points_words(least.median)} of 5).",
    ]
    if result.n_split:
        told.append(f"Split on {result.n_split} of {len(result.dimensions)}: talk about those first.")
    return " ".join(told)


def change_words(one: Judged) -> str:
    """Say how a dimension moved since the round before.

    Parameters
    ----------
    one : Judged
        A dimension.

    Returns
    -------
    str
        Empty where there was no round before.
    """
    if one.before is None:
        return ""
    step = one.median - one.before
    if not step:
        return "as before"
    return f"{'up' if step > 0 else 'down'} {points_words(abs(step))} from {points_words(one.before)}"


def spread_words(one: Judged) -> str:
    """Say how far the votes lie apart.

    Parameters
    ----------
    one : Judged
        A dimension.

    Returns
    -------
    str
        Lowest and highest vote, and the middle half.
    """
    span = f"{points_words(one.low)} to {points_words(one.high)}"
    return f"{span} (half: {points_words(one.quartile1)} to {points_words(one.quartile3)})"

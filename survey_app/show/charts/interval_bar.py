"""A figure with its interval as a word-sized picture, on a scale that rows of a table share."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

WIDTH, HEIGHT, MARGIN = 160, 22, 6


def interval_svg(value: float, low: float | None, high: float | None, scale: tuple[float, float]) -> Markup:
    """Draw a figure as a dot and its interval as a bar.

    Parameters
    ----------
    value, low, high : float or None
        In the unit of the scale; without an interval only the dot.
    scale : tuple of float
        Ends of the shared scale.

    Returns
    -------
    Markup
        An SVG element without style attributes; the table's figures say the same.
    """

    def across(figure: float) -> float:
        share = min(max((figure - scale[0]) / (scale[1] - scale[0]), 0.0), 1.0)
        return MARGIN + share * (WIDTH - 2 * MARGIN)

    middle = HEIGHT / 2
    bar = ""
    if low is not None and high is not None:
        left, right = across(low), across(high)
        bar = f'<path class="app-spark__bar" d="M{left:.1f} {middle}H{right:.1f}"/>'
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    rule = f'<path class="app-spark__rule" d="M0 {middle}H{WIDTH}"/>'
    dot = f'<circle class="app-spark__dot" cx="{across(value):.1f}" cy="{middle}" r="4"/>'
    start = f'<svg class="app-spark" {size} aria-hidden="true" focusable="false">'
    return Markup(f"{start}{rule}{bar}{dot}</svg>")  # noqa: S704 - made of numbers only


def scale_around(edges: Iterable[float | None]) -> tuple[float, float]:
    """Choose the scale that rows share.

    Parameters
    ----------
    edges : iterable of float or None
        All figures and ends of intervals.

    Returns
    -------
    tuple of float
        With a little room, at least 20 wide: less is mostly chance and must not look like much.
    """
    known = [edge for edge in edges if edge is not None] or [0.0, 100.0]
    room = max((20 - (max(known) - min(known))) / 2, 1.0)
    return min(known) - room, max(known) + room

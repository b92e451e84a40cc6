"""A sparkline: the last points of a series as a word-sized picture, written without a drawing library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.know.evidence.summary import top_of
from survey_app.show.charts.icon import icon_of

WIDTH, HEIGHT, MARGIN = 120, 32, 5
LONGEST = 26


def sparkline_svg(series: Series) -> Markup:
    """Draw the last half year of a series.

    Parameters
    ----------
    series : Series
        As stored; gaps break the line.

    Returns
    -------
    Markup
        An SVG element without style attributes; words beside it say the same.
    """
    points = series.points[-LONGEST:]
    present = [point for point in points if isinstance(point, Point)]
    if not present:
        return Markup()
    low, high = _range(present, top_of(series.unit) == math.inf and series.unit != "people")
    step = (WIDTH - 2 * MARGIN) / max(len(points) - 1, 1)
    dots = [
        (MARGIN + index * step, _height(point.value, low, high)) if isinstance(point, Point) else None
        for index, point in enumerate(points)
    ]
    tone = icon_of(series).tone.value
    parts = [_band(points, low, high, step), *_lines(dots), _end(dots, present[-1])]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    start = f'<svg class="app-spark app-spark--{tone}" {size}'
    return Markup(f'{start} aria-hidden="true" focusable="false">{"".join(parts)}</svg>')  # noqa: S704 - made of numbers only


def _range(points: list[Point], is_rate: bool) -> tuple[float, float]:  # noqa: FBT001 - private
    edges = [edge for p in points for edge in (p.value, p.lower, p.upper) if edge is not None]
    low, high = min(edges), max(edges)
    # Under 10 points of difference is mostly chance: it must not look like a mountain.
    room = max(0.0, (high / 10 if is_rate else 10) - (high - low), 1e-3) / 2
    return low - room, high + room


def _height(value: float, low: float, high: float) -> float:
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)


def _band(points: Sequence[Point | Gap], low: float, high: float, step: float) -> str:
    bars = []
    for index, point in enumerate(points):
        if isinstance(point, Point) and point.lower is not None and point.upper is not None:
            top, bottom = _height(point.upper, low, high), _height(point.lower, low, high)
            left = max(MARGIN + (index - 0.5) * step, 0.0)
            width = min(step, WIDTH - left)
            bars.append(f"M{left:.1f} {top:.1f}h{width:.1f}V{bottom:.1f}h{-width:.1f}z")
    return f'<path class="app-spark__band" d="{"".join(bars)}"/>' if bars else ""


def _lines(dots: list[tuple[float, float] | None]) -> list[str]:
    moves = [
        f"{'' if joined else f'M{a[0]:.1f} {a[1]:.1f}'}L{b[0]:.1f} {b[1]:.1f}"
        for a, b, joined in _steps(dots)
    ]
    return [f'<path class="app-spark__line" d="{"".join(moves)}"/>'] if moves else []


def _steps(
    dots: list[tuple[float, float] | None],
) -> list[tuple[tuple[float, float], tuple[float, float], bool]]:
    steps = []
    joined = False
    for a, b in pairwise(dots):
        if a is not None and b is not None:
            steps.append((a, b, joined))
        joined = a is not None and b is not None
    return steps


def _end(dots: list[tuple[float, float] | None], point: Point) -> str:
    x, y = next(dot for dot in reversed(dots) if dot is not None)
    kind = " app-spark__dot--open" if point.provisional else ""
    return f'<circle class="app-spark__dot{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'

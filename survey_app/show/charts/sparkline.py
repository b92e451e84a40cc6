"""A sparkline: the last points of a series as a word-sized picture, written without a drawing library."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.know.evidence.units import top_of
from survey_app.show.charts.icon import icon_of

LONGEST = 26


@dataclass(frozen=True, slots=True)
class SparkSize:
    """Width, height and margin of a sparkline, in its own units."""

    width: int
    height: int
    margin: int


SMALL = SparkSize(120, 32, 5)
LARGE = SparkSize(260, 96, 7)


@dataclass(frozen=True, slots=True)
class _Plot:
    size: SparkSize
    low: float
    high: float
    step: float

    def across(self, index: float) -> float:
        return self.size.margin + index * self.step

    def down(self, value: float) -> float:
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return self.size.height - self.size.margin - share * (self.size.height - 2 * self.size.margin)


def sparkline_svg(
    series: Series, size: SparkSize = SMALL, *, scale: tuple[float, float] | None = None
) -> Markup:
    """Draw the last half year of a series.

    Parameters
    ----------
    series : Series
        As stored; gaps break the line.
    size : SparkSize
        How large.
    scale : tuple of float, optional
        Lowest and highest figure where several series share one scale; else the series' own.

    Returns
    -------
    Markup
        An SVG element without style attributes; words beside it say the same.
    """
    points = series.points[-LONGEST:]
    present = [point for point in points if isinstance(point, Point)]
    if not present:
        return Markup()
    low, high = scale or _range(present, is_rate=top_of(series.unit) == math.inf and series.unit != "people")
    plot = _Plot(size, low, high, (size.width - 2 * size.margin) / max(len(points) - 1, 1))
    dots = [
        (plot.across(index), plot.down(point.value)) if isinstance(point, Point) else None
        for index, point in enumerate(points)
    ]
    tone = icon_of(series).tone.value
    centre = _centre(points, plot) if size is not SMALL else ""
    parts = [_band(points, plot), centre, *_lines(dots), _end(dots, present[-1])]
    look = f'viewBox="0 0 {size.width} {size.height}" width="{size.width}" height="{size.height}"'
    start = f'<svg class="app-spark app-spark--{tone}" {look}'
    return Markup(f'{start} aria-hidden="true" focusable="false">{"".join(parts)}</svg>')  # noqa: S704 - made of numbers only


def shared_scale(series: Iterable[Series]) -> tuple[float, float]:
    """Choose one scale for several series.

    Parameters
    ----------
    series : iterable of Series
        In one unit.

    Returns
    -------
    tuple of float
        Lowest and highest figure or centre line of the last half year, in whole tens. Limits may reach
        beyond: those of a week with few answers would flatten everybody's line.
    """
    edges = [
        edge
        for one in series
        for point in one.points[-LONGEST:]
        if isinstance(point, Point)
        for edge in (point.value, point.centre)
        if edge is not None
    ] or [0.0, 100.0]
    low, high = 10 * math.floor(min(edges) / 10), 10 * math.ceil(max(edges) / 10)
    return float(low), float(max(high, low + 10))


def _range(points: list[Point], *, is_rate: bool) -> tuple[float, float]:
    edges = [edge for p in points for edge in (p.value, p.lower, p.upper) if edge is not None]
    low, high = min(edges), max(edges)
    # Under 10 points of difference is mostly chance: it must not look like a mountain.
    room = max(0.0, (high / 10 if is_rate else 10) - (high - low), 1e-3) / 2
    return low - room, high + room


def _band(points: Sequence[Point | Gap], plot: _Plot) -> str:
    bars = []
    for index, point in enumerate(points):
        if isinstance(point, Point) and point.lower is not None and point.upper is not None:
            top, bottom = plot.down(point.upper), plot.down(point.lower)
            left = max(plot.across(index - 0.5), 0.0)
            width = min(plot.step, plot.size.width - left)
            bars.append(f"M{left:.1f} {top:.1f}h{width:.1f}V{bottom:.1f}h{-width:.1f}z")
    return f'<path class="app-spark__band" d="{"".join(bars)}"/>' if bars else ""


def _centre(points: Sequence[Point | Gap], plot: _Plot) -> str:
    moves = [
        f"M{plot.across(index - 0.5):.1f} {plot.down(point.centre):.1f}h{plot.step:.1f}"
        for index, point in enumerate(points)
        if isinstance(point, Point) and point.centre is not None
    ]
    return f'<path class="app-spark__centre" d="{"".join(moves)}"/>' if moves else ""


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

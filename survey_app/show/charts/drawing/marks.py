"""What stands inside the frame: the usual range, the line, and points told apart by colour and by shape."""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from typing import Any

from matplotlib.axes import Axes

from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.show.charts.drawing.axes import Frame, middle
from survey_app.show.charts.drawing.canvas import (
    BAND,
    BETTER,
    CHANGED,
    GAP,
    LINE,
    QUIET,
    TARGET,
    USUAL,
    WORSE,
    Size,
)
from survey_app.stats.variation import PointState

Steps = tuple[list[int], list[float], list[float]]  # days, lower and upper edge of the usual range
_COLOURS = {
    PointState.IMPROVEMENT: BETTER,
    PointState.CONCERN: WORSE,
    PointState.NEUTRAL_HIGH: CHANGED,
    PointState.NEUTRAL_LOW: CHANGED,
}


def draw_range(axes: Axes, frame: Frame, series: Series) -> None:
    """Draw the usual range as a band with thin edges that step with each point, and the average."""
    # One call each for band, edges and average, with breaks inside: every artist costs half a millisecond.
    edges: list[Steps] = [_steps(points, frame) for points in _stretches(series) if points]
    for days, lower, upper in edges:
        axes.fill(days + days[::-1], lower + upper[::-1], color=BAND, linewidth=0, zorder=0.5)
    lines = [(days, heights) for days, lower, upper in edges for heights in (lower, upper)]
    _broken_line(axes, lines, color=LINE, linewidth=1.1)
    averages = []
    for centre, alike in groupby(_judged(series), key=lambda point: point.centre):
        stretch = list(alike)
        days = [stretch[0].start.toordinal(), stretch[-1].end.toordinal() + 1]
        averages.append((days, [centre or 0.0] * 2))
    _broken_line(axes, averages, color=QUIET, linewidth=1.5)


def _broken_line(axes: Axes, parts: list[tuple[list[int], list[float]]], **look: Any) -> None:  # noqa: ANN401 - matplotlib's own
    days: list[float] = []
    heights: list[float] = []
    for part_days, part_heights in parts:
        days += [*part_days, math.nan]
        heights += [*part_heights, math.nan]
    if days:
        axes.plot(days[:-1], heights[:-1], zorder=2, solid_joinstyle="miter", **look)


def _stretches(series: Series) -> list[list[Point]]:
    # A bin without a figure has no limits where limits depend on how many answered: the band stops there.
    stretches: list[list[Point]] = [[]]
    for point in series.points:
        last = stretches[-1][-1] if stretches[-1] else None
        if isinstance(point, Gap) and series.chart.weighs:
            stretches.append([])
        elif isinstance(point, Point) and point.upper is not None:
            stretches += [[]] if last is not None and last.centre != point.centre else []
            stretches[-1].append(point)
    return stretches


def _steps(points: list[Point], frame: Frame) -> Steps:
    days: list[int] = []
    lower: list[float] = []
    upper: list[float] = []
    for index, point in enumerate(points):
        if point.lower is None or point.upper is None:
            continue
        following = points[index + 1].start if index + 1 < len(points) else None
        end = following.toordinal() if following else point.end.toordinal() + 1
        if lower[-1:] == [frame.clip(point.lower)] and upper[-1:] == [frame.clip(point.upper)]:
            days[-1] = end  # the same limits go on: one long line, not many short ones
            continue
        days += [point.start.toordinal(), end]
        lower += [frame.clip(point.lower)] * 2
        upper += [frame.clip(point.upper)] * 2
    return days, lower, upper


def _judged(series: Series) -> list[Point]:
    return [point for point in series.points if isinstance(point, Point) and point.centre is not None]


def draw_target(axes: Axes, frame: Frame, series: Series) -> None:
    """Draw the target as a dotted line."""
    if series.target is not None:
        since = series.target_since.toordinal() if series.target_since else frame.first
        days = [min(max(frame.first, since), frame.last - 7), frame.last]
        height = frame.clip(series.target)
        axes.plot(days, [height, height], color=TARGET, linewidth=1.8, dashes=(1, 2), zorder=2)


def draw_gaps(axes: Axes, frame: Frame, series: Series, size: Size) -> None:
    """Mark every bin without a figure by a pale stripe and a cross on the axis."""
    for gap in series.points:
        if isinstance(gap, Gap):
            axes.axvspan(
                gap.start.toordinal(), gap.end.toordinal() + 1, color=GAP, alpha=0.45, linewidth=0, zorder=0.8
            )
            axes.plot(
                [middle(gap)],
                [frame.low],
                marker="x",
                color=QUIET,
                markersize=size.marker,
                zorder=3,
                clip_on=False,
            )


def draw_line(axes: Axes, series: Series) -> None:
    """Join neighbouring figures; a gap breaks the line, and what is still counted hangs on by dots."""
    solid: list[tuple[float, float]] = []
    for left, right in pairwise(series.points):
        if isinstance(left, Gap) or isinstance(right, Gap):
            _stroke(axes, solid)
            solid = []
        elif right.provisional:
            ends = [middle(left), middle(right)], [left.value, right.value]
            axes.plot(*ends, color=QUIET, linewidth=1.5, dashes=(1, 2), zorder=3)
        else:
            solid = solid or [(middle(left), left.value)]
            solid.append((middle(right), right.value))
    _stroke(axes, solid)


def _stroke(axes: Axes, dots: list[tuple[float, float]]) -> None:
    if dots:
        days, values = zip(*dots, strict=True)
        axes.plot(days, values, color=QUIET, linewidth=1.5, zorder=3)


def draw_points(axes: Axes, series: Series, size: Size) -> None:
    """Draw the points, all of one look at once: a call to the library each would cost ten times the time."""
    points = [point for point in series.points if isinstance(point, Point)]
    looks: dict[tuple[tuple[str, Any], ...], list[Point]] = {}
    for point in points:
        looks.setdefault(tuple(_look(point, size).items()), []).append(point)
    for look, alike in looks.items():
        days, values = [middle(point) for point in alike], [point.value for point in alike]
        axes.plot(days, values, linestyle="none", zorder=4, clip_on=False, **dict(look))
    carried = [point for point in points if point.carried]
    if carried:
        drop = (axes.get_ylim()[1] - axes.get_ylim()[0]) * 0.035
        days, values = [middle(point) for point in carried], [point.value - drop for point in carried]
        axes.plot(
            days, values, linestyle="none", marker="_", color=QUIET, markersize=size.marker * 1.2, zorder=4
        )


def _look(point: Point, size: Size) -> dict[str, Any]:
    colour = USUAL if point.provisional else _COLOURS.get(point.state, USUAL)
    look = {
        "marker": "o",
        "markersize": size.marker,
        "markerfacecolor": colour,
        "markeredgecolor": "#ffffff",
        "markeredgewidth": 1.0,
    }
    if point.provisional:
        return look | {"markerfacecolor": "#ffffff", "markeredgecolor": QUIET, "markeredgewidth": 2.0}
    if point.state in _COLOURS:
        return look | {"marker": "^" if _points_up(point) else "v", "markersize": size.marker * 1.35}
    return look


def _points_up(point: Point) -> bool:
    return point.signals[0].endswith("high") if point.signals else point.state is PointState.NEUTRAL_HIGH

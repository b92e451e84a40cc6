"""The frame of a picture: which figures and days fit, and the marks along its edges."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from statistics import median
from typing import Any

from matplotlib.axes import Axes

from survey_app.know.evidence.series import Gap, Point, Series
from survey_app.know.evidence.units import top_of
from survey_app.show.charts.dates import MONTHS
from survey_app.show.charts.drawing.canvas import GAP, LINE, NARROW, QUIET, Size
from survey_app.show.charts.phrases import short_words

LEAST_HEIGHT = 24
"""Charts show at least this many of 100 points, so that chance does not look like a mountain."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The stretch of figures and of days that a picture covers."""

    low: float
    high: float
    step: float
    first: float
    last: float

    def clip(self, value: float) -> float:
        """Keep a line inside the picture."""
        return min(max(value, self.low), self.high)


def middle(point: Point | Gap) -> float:
    """Return where on the time axis a bin stands: its middle day."""
    return (point.start.toordinal() + point.end.toordinal()) / 2


def frame_of(series: Series) -> Frame:
    """Choose the frame: all values and the usual limits, not the widest of a week with few answers."""
    points = [point for point in series.points if isinstance(point, Point)]
    ceiling = top_of(series.unit)
    limits = [min(max(limit, 0.0), ceiling) for limit in _usual_limits(series, points)]
    edges = [*(point.value for point in points), *limits] or [0.0, 100.0]
    room = _room(max(edges) - min(edges), max(edges), series.unit)
    low, high = max(min(edges) - room, 0.0), min(max(edges) + room, ceiling)
    step = next(step for step in _steps() if (high - low) / step <= 6)
    days = [point.start.toordinal() for point in series.points] + [
        point.end.toordinal() for point in series.points
    ]
    return Frame(math.floor(low / step) * step, math.ceil(high / step) * step, step, min(days), max(days))


def _room(spread: float, highest: float, unit: str) -> float:
    # A rate has no end of its scale: a tenth of itself is what chance must not outgrow.
    least, edge = float(LEAST_HEIGHT), 3.0
    if top_of(unit) == math.inf and unit != "people":
        least, edge = highest / 10, spread / 8
    return max((least - spread) / 2, edge, 1e-3)


def _usual_limits(series: Series, points: list[Point]) -> list[float]:
    lower = [point.lower for point in points if point.lower is not None]
    upper = [point.upper for point in points if point.upper is not None]
    latest = series.latest
    named = [latest.lower, latest.upper] if latest else []  # their figures stand beside the picture
    middle = [median(lower), median(upper)] if lower and upper else []
    return [limit for limit in (*middle, *named, series.target) if limit is not None]


def _steps() -> list[float]:
    return [base * 10.0**power for power in range(-3, 12) for base in (1, 2, 5)]


def draw_frame(axes: Axes, frame: Frame, series: Series, size: Size) -> None:
    """Draw the horizontal guide lines with their figures, and the months below."""
    axes.set_xlim(frame.first - 2, frame.last + 2)
    axes.set_ylim(frame.low, frame.high)
    edges = frame.first - 2, frame.last + 2
    count = round((frame.high - frame.low) / frame.step)
    heights = [frame.low + index * frame.step for index in range(count + 1)]
    axes.hlines(heights[1:], *edges, color=GAP, linewidth=1, zorder=1, clip_on=False)
    axes.hlines(heights[:1], *edges, color=LINE, linewidth=1.2, zorder=2, clip_on=False)
    for height in heights:
        words = short_words(height, series.unit)
        axes.annotate(words, (edges[0], height), (-8, -size.letters * 0.35), **_text("right", size))
    _draw_months(axes, frame, size)


def _draw_months(axes: Axes, frame: Frame, size: Size) -> None:
    months = _months(frame)
    spacing = max(1, math.ceil(len(months) * size.letters * 3.4 / (size.width - size.left - size.right)))
    shown = months[::spacing]
    days = [day.toordinal() for day in shown]
    axes.plot(
        days, [frame.low] * len(days), linestyle="none", marker="|", markersize=8, color=LINE, clip_on=False
    )
    year = 0
    for day in shown:
        at = (day.toordinal(), frame.low)
        axes.annotate(MONTHS[day.month - 1], at, (0, -size.letters * 1.5), **_text("center", size))
        if day.year != year:
            year = day.year
            axes.annotate(str(year), at, (0, -size.letters * 2.7), **_text("center", size))


def _months(frame: Frame) -> list[dt.date]:
    day = dt.date.fromordinal(round(frame.first))
    last = dt.date.fromordinal(round(frame.last))
    starts = [
        dt.date(year, month, 1)
        for year in range(day.year, last.year + 1)
        for month in range(1, 13)
        if day <= dt.date(year, month, 1) <= last
    ]
    return starts or [day]


def _text(align: str, size: Size) -> dict[str, Any]:
    letters = size.letters - (1 if size is NARROW else 0)
    return {
        "textcoords": "offset points", "ha": align, "va": "baseline", "fontsize": letters, "color": QUIET,
        "annotation_clip": False, "parse_math": False,
    }  # fmt: skip

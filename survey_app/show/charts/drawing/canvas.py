"""Figures kept for reuse, fonts, colours and sizes: the look of every picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

POINTS_PER_INCH = 72
FONTS = ("Arial", "Liberation Sans", "DejaVu Sans")
INK, QUIET, LINE, BAND, GAP = "#212b32", "#4c6272", "#768692", "#eef3f6", "#d8dde0"
BETTER, WORSE, CHANGED, USUAL = "#005eb8", "#c25700", "#490092", "#768692"
TARGET = "#7c2855"


@dataclass(frozen=True, slots=True)
class Size:
    """One size of picture, in points; letters are the height of ordinary text."""

    width: int
    height: int
    letters: int
    left: int
    right: int
    top: int
    bottom: int
    marker: float
    title_letters: int  # how many letters of a title fit on a line

    @property
    def inside(self) -> tuple[float, float, float, float]:
        """Return left, bottom, width and height of the plot as shares of the picture."""
        across = (self.width - self.left - self.right) / self.width
        up = (self.height - self.top - self.bottom) / self.height
        return self.left / self.width, self.bottom / self.height, across, up


WIDE = Size(960, 500, 17, 52, 150, 84, 92, 9.0, 84)
NARROW = Size(360, 400, 14, 46, 24, 94, 82, 5.5, 40)

_lock = threading.Lock()


@cache
def _figure(size: Size) -> tuple[Figure, Axes]:
    inches = size.width / POINTS_PER_INCH, size.height / POINTS_PER_INCH
    figure = Figure(figsize=inches, dpi=POINTS_PER_INCH)
    axes = figure.add_axes(size.inside)
    axes.set_axis_off()
    return figure, axes


@cache
def _family() -> str:
    known = set(fontManager.get_font_names())
    return next(name for name in FONTS if name in known)


def _style() -> dict[Any, Any]:
    return {
        "font.family": _family(),
        "svg.fonttype": "none",
        "svg.hashsalt": "series",
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "path.simplify": False,
    }


@contextmanager
def blank(size: Size) -> Iterator[tuple[Figure, Axes]]:
    """Lend the one figure of a size, empty; a new one each time, or clearing it, costs twice as long."""
    with _lock, mpl.rc_context(_style()):
        figure, axes = _figure(size)
        try:
            yield figure, axes
        finally:
            for artist in (*axes.lines, *axes.collections, *axes.patches, *axes.texts, *figure.texts):
                artist.remove()

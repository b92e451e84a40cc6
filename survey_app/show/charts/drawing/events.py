"""Dated marks: a line down the chart, a number at its head, and as many words as there is room for."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes

from survey_app.know.evidence.series import Series
from survey_app.show.charts.dated import BREAKS, Numbered, numbered
from survey_app.show.charts.drawing.axes import Frame
from survey_app.show.charts.drawing.canvas import INK, WIDE, Size

ROWS = 3
WORDS = 34  # letters of a mark's text that are shown at most
FEWEST = 8  # fewer letters than this say nothing


@dataclass(frozen=True, slots=True)
class Flag:
    """One mark on the picture: how far from the left in points, in which row from the top, and its words."""

    one: Numbered
    across: float
    row: int
    words: str


def draw_events(axes: Axes, frame: Frame, series: Series, size: Size) -> None:
    """Draw every mark of the stretch of days that is shown."""
    scale = (size.width - size.left - size.right) / (frame.last + 4 - frame.first)
    shown = [one for one in numbered(series) if frame.first <= one.mark.day.toordinal() <= frame.last + 2]
    places = [(one, (one.mark.day.toordinal() - frame.first + 2) * scale) for one in shown]
    for flag in flags(places, size):
        _draw(axes, frame, flag, size)


def flags(places: list[tuple[Numbered, float]], size: Size) -> list[Flag]:
    """Give each mark the first row in which it does not touch the one before, and words where they fit."""
    letter, disc = size.letters * 0.46, size.letters * 1.5
    end = size.width - size.left - 8.0
    rows: list[list[tuple[Numbered, float]]] = [[] for _ in range(ROWS)]
    for one, across in places:
        wide = disc + (letter * min(len(one.mark.text), WORDS) if size is WIDE else 0.0)
        free = [row for row in rows if not row or row[-1][1] + wide <= across]
        bare = [row for row in rows if row[-1][1] + disc <= across] if not free else []
        (free or bare or rows[-1:])[0].append((one, across))
    found = []
    for number, row in enumerate(rows):
        for index, (one, across) in enumerate(row):
            following = row[index + 1][1] if index + 1 < len(row) else end
            letters = int((following - across - disc) / letter) if size is WIDE else 0
            found.append(Flag(one, across, number, _shortened(one.mark.text, min(letters, WORDS))))
    return found


def _shortened(text: str, letters: int) -> str:
    if len(text) <= letters:
        return text
    return textwrap.shorten(text, letters, placeholder=" ...") if letters >= FEWEST else ""


def _draw(axes: Axes, frame: Frame, flag: Flag, size: Size) -> None:
    day, letters = flag.one.mark.day.toordinal(), size.letters - 3
    is_break = flag.one.mark.kind in BREAKS
    look = {"linewidth": 1.4} if is_break else {"linewidth": 1.1, "dashes": (3, 2)}
    axes.plot([day, day], [frame.low, frame.high], color=INK, zorder=2.5, **look)
    box = {"boxstyle": "square,pad=0.25" if is_break else "circle,pad=0.2", "facecolor": INK, "linewidth": 0}
    drop = -letters * (0.75 + 1.5 * flag.row)
    axes.annotate(
        str(flag.one.number), (day, frame.high), (0, drop), textcoords="offset points", ha="center",
        va="center", fontsize=letters - 1, color="#ffffff", weight="bold", zorder=7, annotation_clip=False,
        parse_math=False,
        bbox=box,
    )  # fmt: skip
    if flag.words:
        axes.annotate(
            flag.words, (day, frame.high), (letters * 0.85, drop), textcoords="offset points", ha="left",
            va="center", fontsize=letters, color=INK, zorder=6.5, annotation_clip=False, parse_math=False,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "#ffffff", "alpha": 0.92, "linewidth": 0},
        )  # fmt: skip

"""The picture of what a panel judged: one spoke a dimension, with the middle vote and the spread."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from survey_app.know.evidence.panels.result import HIGHEST, Judged, PanelResult
from survey_app.show.charts.drawing.canvas import (
    BETTER,
    GAP,
    INK,
    LINE,
    QUIET,
    WORSE,
    Size,
)
from survey_app.show.charts.drawing.sheets import sheets
from survey_app.show.charts.panel_words import panel_alt, panel_title
from survey_app.show.charts.tables import Rendering

WIDE = Size(960, 620, 16, 20, 20, 70, 60, 9.0, 84)
NARROW = Size(360, 430, 13, 10, 10, 70, 66, 6.0, 40)
ROOM = 1.3
"""How much wider than its outer ring the picture is, for the names."""

Spot = tuple[float, float]


def draw_panel(result: PanelResult, place: str) -> dict[Rendering, bytes]:
    """Draw every kind of picture that is kept of a panel's result.

    Parameters
    ----------
    result : PanelResult
        As stored.
    place : str
        The place's name; any text, never read as markup or mathematics.

    Returns
    -------
    dict of Rendering to bytes
        The same bytes for the same result and place.
    """
    return sheets(
        lambda figure, _, size: _draw(figure, result, place, size),
        WIDE,
        NARROW,
        title=panel_title(result, place),
        description=panel_alt(result),
    )


def _draw(figure: Figure, result: PanelResult, place: str, size: Size) -> None:
    axes = figure.axes[0]
    _frame(axes, size)
    _titles(figure, result, place, size)
    n = len(result.dimensions)
    if n < 3:
        return
    _rings(axes, n, size)
    befores = [(index, one.before) for index, one in enumerate(result.dimensions) if one.before is not None]
    if len(befores) == n:
        _outline(axes, [_at(index, n, value) for index, value in befores], QUIET, 1.4, "--")
    for index, one in enumerate(result.dimensions):
        _spread(axes, one, index, n, size)
    now = [_at(index, n, one.median) for index, one in enumerate(result.dimensions)]
    _outline(axes, now, BETTER, 2.4, "-")
    for index, one in enumerate(result.dimensions):
        _mark(axes, one, _at(index, n, one.median), size)
        _name(axes, one, index, n, size)
    _notes(figure, result, size)


def _frame(axes: Axes, size: Size) -> None:
    across = size.width - size.left - size.right
    up = size.height - size.top - size.bottom
    reach = HIGHEST * ROOM
    unit = reach / (min(across, up) / 2)
    axes.set_xlim(-across / 2 * unit, across / 2 * unit)
    axes.set_ylim(-up / 2 * unit, up / 2 * unit)


def _at(index: int, n: int, value: float) -> Spot:
    angle = math.pi / 2 - 2 * math.pi * index / n
    return value * math.cos(angle), value * math.sin(angle)


def _rings(axes: Axes, n: int, size: Size) -> None:
    for step in range(1, HIGHEST + 1):
        _outline(
            axes, [_at(index, n, step) for index in range(n)], LINE if step == HIGHEST else GAP, 1.0, "-"
        )
    for index in range(n):
        across, up = _at(index, n, HIGHEST)
        axes.plot([0, across], [0, up], color=GAP, linewidth=1, zorder=1)
    for step in range(HIGHEST + 1):
        axes.annotate(
            str(step), _at(0, n, step), (4, 2), textcoords="offset points", fontsize=size.letters - 3,
            color=QUIET, parse_math=False, annotation_clip=False,
        )  # fmt: skip


def _outline(axes: Axes, spots: list[Spot], colour: str, width: float, style: str) -> None:
    closed = [*spots, spots[0]]
    axes.plot(
        [across for across, _ in closed],
        [up for _, up in closed],
        color=colour,
        linewidth=width,
        linestyle=style,
        zorder=3 if colour == BETTER else 2,
    )


def _spread(axes: Axes, one: Judged, index: int, n: int, size: Size) -> None:
    for low, high, width in ((one.low, one.high, 1.6), (one.quartile1, one.quartile3, 5.0)):
        ends = _at(index, n, low), _at(index, n, high)
        axes.plot(
            [ends[0][0], ends[1][0]],
            [ends[0][1], ends[1][1]],
            color=WORSE if one.split else LINE,
            linewidth=width * size.marker / 9,
            alpha=0.65,
            zorder=2,
        )


def _mark(axes: Axes, one: Judged, spot: Spot, size: Size) -> None:
    axes.plot(
        [spot[0]],
        [spot[1]],
        marker="s" if one.split else "o",
        markersize=size.marker,
        color=WORSE if one.split else BETTER,
        zorder=4,
    )


def _name(axes: Axes, one: Judged, index: int, n: int, size: Size) -> None:
    across, up = _at(index, n, HIGHEST + 0.35)
    side = "center" if abs(across) < 0.4 else "left" if across > 0 else "right"
    words = f"{index + 1}"
    if size is WIDE:
        words = f"{index + 1} {textwrap.shorten(one.title, 30, placeholder=' ...')}"
    axes.annotate(
        words, (across, up), (0, 0), textcoords="offset points", ha=side,
        va="bottom" if up > 1 else "top" if up < -1 else "center", fontsize=size.letters - 1, color=INK,
        parse_math=False, annotation_clip=False,
    )  # fmt: skip


def _titles(figure: Figure, result: PanelResult, place: str, size: Size) -> None:
    down = size.letters * 1.6
    for line in textwrap.wrap(result.title, size.title_letters)[:2]:
        _write(figure, (12, down), line, size, color=INK, fontsize=size.letters + 1, weight="bold")
        down += size.letters * 1.4
    words = textwrap.shorten(place, size.title_letters, placeholder=" ...")
    _write(figure, (12, down), words, size, color=QUIET)


def _notes(figure: Figure, result: PanelResult, size: Size) -> None:
    notes = [("● middle vote", BETTER), ("thick line: half the votes", QUIET)]
    if result.n_split:
        notes.insert(1, ("■ split panel", WORSE))
    if result.before_on:
        notes.append(("-- last round", QUIET))
    across, height = 12.0, size.height - 12.0
    for words, colour in notes:
        width = len(words) * (size.letters - 2) * 0.52 + 14
        if across + width > size.width:
            across, height = 12.0, height - size.letters * 1.3
        _write(figure, (across, height), words, size, color=colour, fontsize=size.letters - 2)
        across += width


def _write(figure: Figure, at: Spot, words: str, size: Size, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
    across, up = at[0] / size.width, 1 - at[1] / size.height
    figure.text(across, up, words, {"fontsize": size.letters} | look, va="baseline", parse_math=False)

"""The picture of a comparison: places by number of answers, limits that open where few answered."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from survey_app.know.evidence.places.documents import Compared, Comparison, Position
from survey_app.show.charts.alt import Titles, alt_title
from survey_app.show.charts.drawing.canvas import (
    BAND,
    CHANGED,
    GAP,
    INK,
    LINE,
    NARROW,
    QUIET,
    USUAL,
    WIDE,
    Size,
    blank,
)
from survey_app.show.charts.drawing.labels import Label, spread
from survey_app.show.charts.drawing.svg import strict_svg
from survey_app.show.charts.funnels.words import alt_words
from survey_app.show.charts.phrases import figure_words, scale_words

LEAST_HEIGHT = 20
SIZES = {False: WIDE, True: NARROW}
MARKERS = {
    Position.FAR_ABOVE: "^",
    Position.ABOVE: "^",
    Position.FAR_BELOW: "v",
    Position.BELOW: "v",
}
FAR = {Position.FAR_ABOVE, Position.FAR_BELOW}


def draw_funnel(
    comparison: Comparison, titles: Titles, names: Mapping[str, str], unit: str
) -> dict[bool, bytes]:
    """Draw both pictures of a comparison.

    Parameters
    ----------
    comparison : Comparison
        As stored.
    titles : Titles
        Names of the measure, and of the place and quarter.
    names : mapping of str to str
        Place ids to names; any text, never read as markup or mathematics.
    unit : str
        The measure's unit.

    Returns
    -------
    dict of bool to bytes
        An SVG each, by whether it is narrow.
    """
    return {narrow: _svg(comparison, titles, names, unit, size) for narrow, size in SIZES.items()}


def _svg(comparison: Comparison, titles: Titles, names: Mapping[str, str], unit: str, size: Size) -> bytes:
    with blank(size) as (figure, axes):
        _titles(figure, titles, unit, size)
        low, high, step = _span(comparison)
        last = max((one.n or 0 for one in comparison.shown), default=10) * 1.05
        axes.set_xlim(0, last)
        axes.set_ylim(low, high)
        _frame(axes, (low, high, step), last, unit, size)
        _limits(axes, comparison, unit, size)
        for one in comparison.shown:
            _dot(axes, one, size)
        _names(axes, comparison, names, size)
        sink = io.StringIO()
        figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    return strict_svg(
        sink.getvalue(),
        size=(size.width, size.height),
        title=alt_title(titles),
        description=alt_words(comparison, names, unit),
    )


def _span(comparison: Comparison) -> tuple[float, float, float]:
    values = [one.value for one in comparison.shown if one.value is not None]
    limits = [end for one in comparison.shown for end in (one.limits or ())]
    edges = [min(max(edge, 0.0), 100.0) for edge in (*values, *limits)] or [0.0, 100.0]
    room = max((LEAST_HEIGHT - (max(edges) - min(edges))) / 2, 2.0)
    low, high = max(min(edges) - room, 0.0), min(max(edges) + room, 100.0)
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (high - low) / step <= 6)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def _titles(figure: Figure, titles: Titles, unit: str, size: Size) -> None:
    down = size.letters * 1.6
    short = textwrap.shorten(titles.measure, size.title_letters * 2 - 6, placeholder=" ...")
    for line in textwrap.wrap(short, size.title_letters)[:2]:
        _write(figure, (12, down), line, size, fontsize=size.letters + 2, color=INK, weight="bold")
        down += size.letters * 1.45
    place = f"{titles.place}. {scale_words(unit)}" if size is WIDE else titles.place
    for line in textwrap.wrap(place, size.title_letters)[:2]:
        _write(figure, (12, down), line, size, color=QUIET)
        down += size.letters * 1.4
    notes = [("▲▼ further out than chance explains", CHANGED), ("△▽ a little out", QUIET)]
    across = 12.0
    if size is not WIDE:
        notes[0] = ("▲▼ beyond chance", CHANGED)
    for words, colour in notes:
        _write(figure, (across, size.height - size.letters * 0.9), words, size, color=colour)
        across += len(words) * size.letters * 0.56 + 24


def _write(figure: Figure, at: tuple[float, float], words: str, size: Size, **look: Any) -> None:  # noqa: ANN401 - matplotlib's own
    across, down = at[0] / size.width, 1 - at[1] / size.height
    fontdict: dict[str, Any] = {"fontsize": size.letters} | look
    figure.text(across, down, words, fontdict, va="baseline", parse_math=False)


def _frame(axes: Axes, span: tuple[float, float, float], last: float, unit: str, size: Size) -> None:
    low, high, step = span
    heights = [low + index * step for index in range(round((high - low) / step) + 1)]
    axes.hlines(heights[1:], 0, last, color=GAP, linewidth=1, zorder=1)
    axes.hlines(heights[:1], 0, last, color=LINE, linewidth=1.2, zorder=2, clip_on=False)
    for height in heights:
        words = figure_words(height, unit)
        axes.annotate(words, (0, height), (-8, -size.letters * 0.35), **_text("right", size))
    spacing = next(one for one in _spacings() if last / one <= (8 if size is WIDE else 4))
    for n in range(0, int(last) + 1, spacing):
        axes.annotate(str(n), (n, low), (0, -size.letters * 1.5), **_text("center", size))
    axes.annotate(
        "answers in the quarter", (last / 2, low), (0, -size.letters * 2.9), **_text("center", size)
    )


def _spacings() -> list[int]:
    return [base * 10**power for power in range(1, 6) for base in (1, 2, 5)]


def _limits(axes: Axes, comparison: Comparison, unit: str, size: Size) -> None:
    if comparison.target is None:
        return
    sizes, low95, high95, low998, high998 = (list(column) for column in zip(*comparison.lines, strict=True))
    axes.fill(sizes + sizes[::-1], low95 + high95[::-1], color=BAND, linewidth=0, zorder=0.5)
    for line in (low998, high998):
        axes.plot(sizes, line, color=QUIET, linewidth=1.4, zorder=2)
    for line in (low95, high95):
        axes.plot(sizes, line, color=LINE, linewidth=1.1, dashes=(4, 3), zorder=2)
    ends = [sizes[0], sizes[-1]]
    axes.plot(ends, [comparison.target] * 2, color=QUIET, linewidth=1.5, zorder=2)
    if size is WIDE:
        right = axes.get_xlim()[1]
        labels = [(comparison.target, f"All {figure_words(comparison.target, unit)}")]
        labels += [(high998[-1], "99.8% limit"), (low998[-1], "99.8% limit")]
        for height, words in labels:
            axes.annotate(words, (right, height), (12, -size.letters * 0.35), **_text("left", size))


def _dot(axes: Axes, one: Compared, size: Size) -> None:
    n, value = one.n or 0, one.value or 0.0
    far = one.position in FAR
    out = one.position in MARKERS
    axes.plot(
        [n], [value], linestyle="none", marker=MARKERS.get(one.position or Position.USUAL, "o"),
        markersize=size.marker * (1.35 if out else 1), zorder=4, clip_on=False,
        markerfacecolor=CHANGED if far else "#ffffff" if out else USUAL,
        markeredgecolor="#ffffff" if far or not out else QUIET, markeredgewidth=1.5 if out else 1.0,
    )  # fmt: skip


def _names(axes: Axes, comparison: Comparison, names: Mapping[str, str], size: Size) -> None:
    # On a phone names would cover each other: only those that stand out, and the table below has them all.
    named = [one for one in comparison.shown if size is WIDE or one.position in MARKERS]
    last, (low, high) = float(axes.get_xlim()[1]), axes.get_ylim()
    for right in (False, True):
        side = [one for one in named if ((one.n or 0) > 0.6 * last) == right]
        labels = [Label(one.value or 0.0, one.place, INK) for one in side]
        least = size.letters * 1.15 * (high - low) / (size.height - size.top - size.bottom)
        heights = {label.words: height for label, height in spread(labels, least)}
        for one in side:
            far = one.position in FAR
            axes.annotate(
                textwrap.shorten(names.get(one.place, one.place), 24, placeholder=" ..."),
                (one.n or 0, heights[one.place]), (-12 if right else 12, -size.letters * 0.35),
                textcoords="offset points", ha="right" if right else "left", va="baseline",
                fontsize=size.letters - (0 if far else 2), color=INK, weight="bold" if far else "normal",
                annotation_clip=False, parse_math=False, zorder=5,
                bbox={"facecolor": "#ffffff", "alpha": 0.8, "linewidth": 0, "pad": 1},
            )  # fmt: skip


def _text(align: str, size: Size) -> dict[str, Any]:
    return {
        "textcoords": "offset points", "ha": align, "va": "baseline", "color": QUIET,
        "fontsize": size.letters - (1 if size is NARROW else 0), "annotation_clip": False,
        "parse_math": False,
    }  # fmt: skip

"""The picture of a team report: each factor's figure on a line from 0 to 100, and how answers are spread."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.patches import Rectangle

from survey_app.know.evidence.climate.result import Figure, Report, Spread
from survey_app.show.charts.climate_words import points_words, report_alt, report_title
from survey_app.show.charts.drawing.canvas import (
    BETTER,
    CHANGED,
    GAP,
    INK,
    LINE,
    QUIET,
    WORSE,
    Size,
)
from survey_app.show.charts.drawing.sheets import sheets
from survey_app.show.charts.tables import Rendering

WIDE = Size(960, 560, 16, 20, 20, 60, 70, 9.0, 84)
NARROW = Size(360, 560, 13, 8, 8, 56, 84, 7.0, 40)
HALF = 0.46
"""How much of the width of a wide picture each of its two halves takes."""


def draw_report(report: Report, teams: str) -> dict[Rendering, bytes]:
    """Draw every kind of picture that is kept of a report.

    Parameters
    ----------
    report : Report
        As stored.
    teams : str
        Names of its teams; any text, never read as markup or mathematics.

    Returns
    -------
    dict of Rendering to bytes
        The same bytes for the same report and names.
    """
    return sheets(
        lambda figure, axes, size: _draw(figure, axes, report, size),
        WIDE,
        NARROW,
        title=report_title(report, teams),
        description=report_alt(report),
    )


def _draw(figure: Picture, axes: Axes, report: Report, size: Size) -> None:
    # One unit is one point, so that words and marks keep their distances in both sizes.
    axes.set_xlim(0, size.width - size.left - size.right)
    axes.set_ylim(0, size.height - size.top - size.bottom)
    across = size.width - size.left - size.right
    wide = size.width > NARROW.width
    line = (0.0, across * HALF) if wide else (0.0, across)
    bar = (across * (1 - HALF), across) if wide else (0.0, across)
    _write(figure, (size.left, 26), "What the team says, 0 to 100", size, weight="bold")
    if wide:
        _write(
            figure, (size.left + bar[0], 26), "How its answers are spread, in percent", size, weight="bold"
        )
    room = (size.height - size.top - size.bottom) / max(len(report.factors), 1)
    before = report.history[0].points if report.history else {}
    others = report.others.points if report.others else {}
    for index, one in enumerate(report.factors):
        top = (len(report.factors) - index) * room - 6
        _heading(axes, one, top, size)
        _line(axes, one, (before.get(one.id), others.get(one.id)), line, top - (38 if wide else 30), size)
        if one.spread:
            _bar(axes, one.spread, bar, top - (50 if wide else 74), size)
    _notes(figure, report, size)


def _heading(axes: Axes, one: Figure, top: float, size: Size) -> None:
    _label(axes, (0, top - size.letters), f"{one.title}: {points_words(one.points)}", size, weight="bold")


def _line(
    axes: Axes,
    one: Figure,
    beside: tuple[int | None, int | None],
    ends: tuple[float, float],
    height: float,
    size: Size,
) -> None:
    left, right = ends[0] + 6, ends[1] - 12

    def at(points: int) -> float:
        return left + (right - left) * points / 100

    axes.plot([left, right], [height, height], color=LINE, linewidth=1.5, zorder=1)
    for tick in (0, 50, 100):
        axes.plot([at(tick)] * 2, [height - 4, height + 4], color=LINE, linewidth=1, zorder=1)
        _label(axes, (at(tick), height - 7), str(tick), size, ha="center", va="top", color=QUIET, less=4)
    before, others = beside
    if others is not None:
        axes.plot([at(others)] * 2, [height - 9, height + 9], color=CHANGED, linewidth=3, zorder=2)
    if before is not None:
        _dot(axes, at(before), height, size, color="white", markeredgecolor=QUIET, markeredgewidth=2)
    if one.points is not None:
        _dot(axes, at(one.points), height, size, color=BETTER, zorder=4)


def _dot(axes: Axes, across: float, height: float, size: Size, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
    axes.plot([across], [height], marker="o", markersize=size.marker * 1.25, **{"zorder": 3} | look)


def _bar(axes: Axes, spread: Spread, ends: tuple[float, float], foot: float, size: Size) -> None:
    shares = ((spread.low, WORSE, "white"), (spread.middle, GAP, INK), (spread.high, BETTER, "white"))
    # Each share is rounded by itself, so together they may be more or less than a hundred.
    whole = sum(share for share, _, _ in shares)
    start, length, tall = ends[0], ends[1] - ends[0], size.letters * 1.5
    for share, colour, ink in shares:
        width = length * share / whole
        axes.add_patch(
            Rectangle((start, foot), width, tall, facecolor=colour, edgecolor="white", linewidth=1.5)
        )
        middle = (start + width / 2, foot + tall / 2)
        words = f"≤{share}" if share <= 10 else f"{share}+" if share >= 90 else str(share)
        _label(axes, middle, words, size, ha="center", va="center", color=ink, less=2)
        start += width


def _notes(figure: Picture, report: Report, size: Size) -> None:
    notes = [("● now", BETTER)]
    if report.history:
        notes.append(("○ last wave", QUIET))
    if report.others:
        notes.append(("| all other teams of the round", CHANGED))
    notes += [("■ disagree", WORSE), ("■ in between", QUIET), ("■ agree", BETTER)]
    across, height = float(size.left), size.height - 12.0 - (size.letters * 2.8 if size.width < 400 else 0)
    for words, colour in notes:
        width = len(words) * (size.letters - 2) * 0.52 + 16
        if across + width > size.width:
            across, height = float(size.left), height + size.letters * 1.4
        _write(figure, (across, height), words, size, color=colour, less=2)
        across += width


def _label(
    axes: Axes,
    at: tuple[float, float],
    words: str,
    size: Size,
    *,
    less: int = 0,
    **look: Any,  # noqa: ANN401 - matplotlib's
) -> None:
    given: dict[str, Any] = {"color": INK, "fontsize": size.letters - less} | look
    axes.text(*at, words, parse_math=False, clip_on=False, **given)


def _write(
    figure: Picture,
    at: tuple[float, float],
    words: str,
    size: Size,
    *,
    less: int = 0,
    **look: Any,  # noqa: ANN401 - matplotlib's
) -> None:
    across, up = at[0] / size.width, 1 - at[1] / size.height
    given: dict[str, Any] = {"color": INK, "fontsize": size.letters - less} | look
    figure.text(across, up, words, va="baseline", parse_math=False, **given)

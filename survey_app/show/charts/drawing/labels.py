"""Words on a picture, beside what they name instead of in a legend."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from survey_app.know.evidence.series import ANSWERS, Gap, LimitsStage, Point, Series
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.drawing.axes import Frame, middle
from survey_app.show.charts.drawing.canvas import BETTER, INK, QUIET, TARGET, USUAL, WIDE, WORSE, Size
from survey_app.show.charts.phrases import limit_words, scale_words, short_words
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState

NOTES = {
    PointState.IMPROVEMENT: ("▲▼ better than chance explains", BETTER),
    PointState.CONCERN: ("▲▼ worse than chance explains", WORSE),
}
_SHORT = {
    "▲▼ better than chance explains": "▲▼ better",
    "▲▼ worse than chance explains": "▲▼ worse",
    "○ still counting": "○ open",
    "\N{MULTIPLICATION SIGN} too few answers": "\N{MULTIPLICATION SIGN} too few",
    "\N{EN DASH} with earlier answers": "\N{EN DASH} later",
}


@dataclass(frozen=True, slots=True)
class Label:
    """One label at the right edge, at the height of what it names."""

    height: float
    words: str
    colour: str


def draw_titles(figure: Figure, series: Series, titles: Titles, size: Size) -> None:
    """Write what the picture shows above it: measure, place, scale."""
    lines = textwrap.shorten(titles.measure, size.title_letters * 2 - 6, placeholder=" ...")
    down = size.letters * 1.6
    for line in textwrap.wrap(lines, size.title_letters)[:2]:
        _write(figure, (12, down), line, size, fontsize=size.letters + 2, color=INK, weight="bold")
        down += size.letters * 1.45
    place = textwrap.shorten(titles.place, size.title_letters, placeholder=" ...")
    if size is WIDE:
        trial = ". Limits on trial" if series.limits is LimitsStage.TRIAL else ""
        _write(figure, (12, down), f"{place}. {scale_words(series.unit)}{trial}", size, color=QUIET)
        return
    _write(figure, (12, down), place, size, color=QUIET)
    _write(figure, (12, down + size.letters * 1.4), _range_note(series), size, color=QUIET)


def _range_note(series: Series) -> str:
    latest = series.latest
    limits = limit_words(latest.lower, latest.upper, series.unit) if latest else ""
    trial = " (trial)" if series.limits is LimitsStage.TRIAL else ""
    return f"{scale_words(series.unit)}. Usual: {limits}{trial}" if limits else scale_words(series.unit)


def draw_notes(figure: Figure, series: Series, size: Size) -> None:
    """Explain below the picture only the signs that it uses."""
    notes = _notes(series)
    if size is not WIDE:
        _name_target(figure, series, size)
        notes = [(_SHORT.get(words, words), colour) for words, colour in notes]
    across, letters = 12.0, size.letters - 2
    for words, colour in notes:
        _write(figure, (across, size.height - 12), words, size, fontsize=letters, color=colour)
        across += len(words) * letters * 0.5 + 14


def _name_target(figure: Figure, series: Series, size: Size) -> None:
    # At its line it would cover points: a phone's picture has no room beside them.
    if series.target is not None:
        words = f"\N{MIDDLE DOT}\N{MIDDLE DOT}\N{MIDDLE DOT} target {short_words(series.target, series.unit)}"
        at = (12.0, size.height - 28)
        _write(figure, at, words, size, fontsize=size.letters - 2, color=TARGET)


def _notes(series: Series) -> list[tuple[str, str]]:
    points = [point for point in series.points if isinstance(point, Point)]
    states = {point.state for point in points if not point.provisional}
    notes = [note for state, note in NOTES.items() if state in states]
    if any(point.provisional for point in points):
        notes.append(("○ still counting", USUAL))
    if any(isinstance(point, Gap) for point in series.points):
        asked = series.counted == ANSWERS
        notes.append((f"\N{MULTIPLICATION SIGN} {'too few answers' if asked else 'no figure'}", QUIET))
    if any(point.carried for point in points):
        notes.append(("\N{EN DASH} with earlier answers", QUIET))
    return notes


def draw_labels(axes: Axes, frame: Frame, series: Series, size: Size) -> None:
    """Name the lines at the right edge, moved apart where they would touch; on a phone the latest figure."""
    if size is WIDE:
        across = size.height - size.top - size.bottom
        least = size.letters * 1.25 * (frame.high - frame.low) / across
        for label, height in spread(_labels(frame, series), least):
            shift = (12, -size.letters * 0.35)
            axes.annotate(
                label.words, (frame.last + 2, height), shift, textcoords="offset points", va="baseline",
                fontsize=size.letters, color=label.colour, annotation_clip=False, parse_math=False,
                weight="bold" if label.colour == INK else "normal",
            )  # fmt: skip
        return
    _name_latest(axes, frame, series, size)


def _name_latest(axes: Axes, frame: Frame, series: Series, size: Size) -> None:
    latest = series.latest
    if latest is None:
        return
    points = [point for point in series.points if isinstance(point, Point)]
    index = points.index(latest)
    nearby = [point.value for point in (*points[max(index - 1, 0) : index], *points[index + 1 :])]
    above = latest.value >= sum(nearby) / max(len(nearby), 1) and latest.value < frame.high - frame.step / 2
    shift = (0, size.marker + 2 if above else -size.marker - size.letters)
    axes.annotate(
        short_words(latest.value, series.unit), (middle(latest), latest.value), shift,
        textcoords="offset points", ha="center", va="baseline", fontsize=size.letters + 3, weight="bold",
        color=INK, zorder=6, annotation_clip=False, parse_math=False,
    )  # fmt: skip


def _labels(frame: Frame, series: Series) -> list[Label]:
    latest = series.latest

    def label(height: float, name: str, colour: str = QUIET) -> Label:
        return Label(frame.clip(height), f"{name} {short_words(height, series.unit)}", colour)

    labels = []
    if latest is not None:
        labels.append(label(latest.value, "Latest", INK))
    if latest is not None and latest.centre is not None:
        labels.append(label(latest.centre, "Median" if series.chart is ChartKind.RUN else "Average"))
    if latest is not None and latest.lower is not None and latest.upper is not None:
        labels.append(
            Label(frame.clip(latest.upper), _limit("Upper", short_words(latest.upper, series.unit)), QUIET)
        )
        labels.append(
            Label(frame.clip(latest.lower), _limit("Lower", short_words(latest.lower, series.unit)), QUIET)
        )
    if series.target is not None:
        labels.append(
            Label(frame.clip(series.target), f"Target {short_words(series.target, series.unit)}", TARGET)
        )
    return labels


def _limit(which: str, figure: str) -> str:
    # Longer figures would be cut at the edge of the picture.
    return f"{which} limit {figure}" if len(figure) <= 4 else f"{which} {figure}"


def spread(labels: list[Label], least: float) -> list[tuple[Label, float]]:
    """Move labels apart until none is nearer than `least` to its neighbour, keeping their order."""
    placed: list[tuple[Label, float]] = []
    for label in sorted(labels, key=lambda label: label.height):
        height = max(label.height, placed[-1][1] + least) if placed else label.height
        placed.append((label, height))
    return placed


def _write(figure: Figure, at: tuple[float, float], words: str, size: Size, **look: float | str) -> None:
    across, down = at[0] / size.width, 1 - at[1] / size.height
    fontdict: dict[str, Any] = {"fontsize": size.letters} | look
    figure.text(across, down, words, fontdict, va="baseline", parse_math=False)

"""The picture of one series: points, average and usual range over time."""

from __future__ import annotations

import io
from dataclasses import replace

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from survey_app.know.evidence.series import Series
from survey_app.show.charts.alt import Titles, alt_text, alt_title
from survey_app.show.charts.drawing.axes import draw_frame, frame_of
from survey_app.show.charts.drawing.canvas import POINTS_PER_INCH, WIDE, Size, blank
from survey_app.show.charts.drawing.events import draw_events
from survey_app.show.charts.drawing.labels import draw_labels, draw_notes, draw_titles
from survey_app.show.charts.drawing.marks import draw_gaps, draw_line, draw_points, draw_range, draw_target
from survey_app.show.charts.drawing.svg import strict_svg

LONGEST = 156
"""Three years of weeks; more would not be readable, and bounds the time a picture takes."""


def series_svg(series: Series, titles: Titles, *, size: Size = WIDE) -> bytes:
    """Draw a series as SVG.

    Parameters
    ----------
    series : Series
        As stored.
    titles : Titles
        Names of measure and place; any text, never read as markup or mathematics.
    size : Size
        How large, and for which width of screen.

    Returns
    -------
    bytes
        An SVG that needs no style sheet, with title and description inside.
    """
    with blank(size) as (figure, _):
        _draw(figure, series, titles, size)
        sink = io.StringIO()
        figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    return strict_svg(
        sink.getvalue(),
        size=(size.width, size.height),
        title=alt_title(titles),
        description=alt_text(series),
    )


def series_png(series: Series, titles: Titles) -> bytes:
    """Draw a series as PNG, at twice the size for sharp print and slides.

    Parameters
    ----------
    series : Series
        As stored.
    titles : Titles
        Names of measure and place; any text, never read as markup or mathematics.

    Returns
    -------
    bytes
        A PNG, 1920 by 1000 pixels.
    """
    with blank(WIDE) as (figure, _):
        _draw(figure, series, titles, WIDE)
        FigureCanvasAgg(figure)
        sink = io.BytesIO()
        metadata = {"Software": None, "Title": alt_title(titles), "Description": alt_text(series)}
        figure.savefig(sink, format="png", dpi=2 * POINTS_PER_INCH, metadata=metadata)
    return sink.getvalue()


def _draw(figure: Figure, series: Series, titles: Titles, size: Size) -> None:
    draw_titles(figure, series, titles, size)
    if not series.points:
        return
    series = _newest(series)
    axes = figure.axes[0]
    frame = frame_of(series)
    draw_frame(axes, frame, series, size)
    draw_gaps(axes, frame, series, size)
    draw_range(axes, frame, series)
    draw_target(axes, frame, series)
    draw_line(axes, series)
    draw_points(axes, series, size)
    draw_events(axes, frame, series, size)
    draw_labels(axes, frame, series, size)
    draw_notes(figure, series, size)


def _newest(series: Series) -> Series:
    if len(series.points) <= LONGEST:
        return series
    return replace(series, points=series.points[-LONGEST:])

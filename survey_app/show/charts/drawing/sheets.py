"""One picture in every rendering: a wide and a narrow SVG, and a PNG; all say the same."""

from __future__ import annotations

import io
from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from survey_app.show.charts.drawing.canvas import POINTS_PER_INCH, Size, blank
from survey_app.show.charts.drawing.svg import strict_svg
from survey_app.show.charts.tables import Rendering

Painter = Callable[[Figure, Axes, Size], None]


def sheets(
    paint: Painter, wide: Size, narrow: Size, *, title: str, description: str
) -> dict[Rendering, bytes]:
    """Let a painter fill an empty figure for each rendering.

    Parameters
    ----------
    paint : Painter
        Puts the picture on an empty figure of a size.
    wide, narrow : Size
        For large screens and for telephones; the PNG is as wide as the first.
    title, description : str
        What the picture is, and what it shows; any text, never read as markup.

    Returns
    -------
    dict of Rendering to bytes
        The same bytes for the same painter and words.
    """

    def svg(size: Size) -> bytes:
        with blank(size) as (figure, axes):
            paint(figure, axes, size)
            sink = io.StringIO()
            figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
        return strict_svg(
            sink.getvalue(), size=(size.width, size.height), title=title, description=description
        )

    def png() -> bytes:
        with blank(wide) as (figure, axes):
            paint(figure, axes, wide)
            FigureCanvasAgg(figure)
            sink = io.BytesIO()
            metadata = {"Software": None, "Title": title, "Description": description}
            figure.savefig(sink, format="png", dpi=2 * POINTS_PER_INCH, metadata=metadata)
        return sink.getvalue()

    return {Rendering.SVG: svg(wide), Rendering.NARROW_SVG: svg(narrow), Rendering.PNG: png()}

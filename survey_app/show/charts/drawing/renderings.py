"""All kinds of picture of one series, drawn together by a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from survey_app.know.evidence.series import Series
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.drawing.canvas import NARROW
from survey_app.show.charts.drawing.chart import series_png, series_svg
from survey_app.show.charts.tables import Rendering

RENDERINGS: dict[Rendering, Callable[[Series, Titles], bytes]] = {
    Rendering.SVG: series_svg,
    Rendering.NARROW_SVG: lambda series, titles: series_svg(series, titles, size=NARROW),
    Rendering.PNG: series_png,
}


def draw(
    series: Series, title: Titles, renderings: Iterable[Rendering] = tuple(Rendering)
) -> dict[Rendering, bytes]:
    """Draw every kind of picture that is kept of a series.

    Parameters
    ----------
    series : Series
        As stored.
    title : Titles
        Names of measure and place; any text, never read as markup or mathematics.
    renderings : iterable of Rendering
        Which pictures; all of them unless told.

    Returns
    -------
    dict of Rendering to bytes
        One entry each; the same bytes for the same series and title.
    """
    return {rendering: RENDERINGS[rendering](series, title) for rendering in renderings}

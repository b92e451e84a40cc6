"""The icon of a target: whether the process, as it runs now, will meet it; by words, letter and shape."""

from __future__ import annotations

from markupsafe import Markup

from survey_app.know.evidence.series import Series
from survey_app.show.charts.icon import Icon, Tone
from survey_app.stats.variation import Assurance

NO_TARGET = Icon("No target", "", Tone.WAITING)
TOO_EARLY = Icon("Too early to say whether the target will be met", "", Tone.WAITING)
_ICONS = {
    Assurance.PASS: Icon("Meets its target every time", "P", Tone.BETTER),
    Assurance.FAIL: Icon("Misses its target unless something changes", "F", Tone.WORSE),
    Assurance.INCONSISTENT: Icon("Meets its target now and then, by chance", "?", Tone.USUAL),
}


def assurance_of(series: Series) -> Icon:
    """Return the icon of a series against its target.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    Icon
        What to expect as long as nothing changes; that there is no target, or that it is too early.
    """
    if series.target is None:
        return NO_TARGET
    return _ICONS[series.assurance] if series.assurance else TOO_EARLY


def assurance_svg(icon: Icon) -> Markup:
    """Draw an icon; a square, where icons against chance are triangles and circles.

    Parameters
    ----------
    icon : Icon
        What to draw.

    Returns
    -------
    Markup
        An SVG element without style attributes, hidden from readers of text; empty where there is no target.
    """
    if icon is NO_TARGET:
        return Markup()
    if icon.letter:
        mark = f'<text x="20" y="27" text-anchor="middle">{icon.letter}</text>'
    else:
        mark = '<path class="app-icon__line" d="M12 20H28"/>'
    start = f'<svg class="app-icon app-icon--{icon.tone.value}" viewBox="0 0 40 40" width="40" height="40"'
    box = '<path d="M4 4H36V36H4z"/>'
    return Markup(f'{start} aria-hidden="true" focusable="false">{box}{mark}</svg>')  # noqa: S704 - made of fixed parts only

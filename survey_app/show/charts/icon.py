"""The icon of a series: what its latest figure means, by words, letter and shape as well as colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from survey_app.know.evidence.series import ANSWERS, Gap, Series
from survey_app.stats.variation import VariationIcon


class Tone(StrEnum):
    """What a reader should feel: the class name that colours an icon."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    USUAL = "usual"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Icon:
    """One meaning in words, with the letter (H higher, L lower) and the tone that show it."""

    words: str
    letter: str
    tone: Tone


_ICONS = {
    VariationIcon.IMPROVEMENT_HIGH: Icon("Better: higher than chance explains", "H", Tone.BETTER),
    VariationIcon.IMPROVEMENT_LOW: Icon("Better: lower than chance explains", "L", Tone.BETTER),
    VariationIcon.CONCERN_HIGH: Icon("Worse: higher than chance explains", "H", Tone.WORSE),
    VariationIcon.CONCERN_LOW: Icon("Worse: lower than chance explains", "L", Tone.WORSE),
    VariationIcon.NEUTRAL_HIGH: Icon("Higher than chance explains", "H", Tone.CHANGED),
    VariationIcon.NEUTRAL_LOW: Icon("Lower than chance explains", "L", Tone.CHANGED),
    VariationIcon.COMMON_CAUSE: Icon("No real change", "", Tone.USUAL),
}
WAITING = Icon("Too early to judge", "", Tone.WAITING)
COUNTING = Icon("Still counting", "", Tone.WAITING)
NO_RECORD = Icon("No figure for the latest period", "", Tone.WAITING)
TOO_FEW = Icon("Too few answers", "", Tone.WAITING)

_SHAPES = {
    "H": '<path d="M20 3 38 36H2z"/>',
    "L": '<path d="M20 37 38 4H2z"/>',
    "": '<circle cx="20" cy="20" r="17"/>',
}
_LETTER_AT = {"H": 31, "L": 19}


def icon_of(series: Series) -> Icon:
    """Return the icon of a series.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    Icon
        The meaning of the latest closed figure; of a gap where the latest bin has too few answers; that the
        first bin is open where none has closed.
    """
    closed = [point for point in series.points if isinstance(point, Gap) or not point.provisional]
    if closed and isinstance(closed[-1], Gap):
        return TOO_FEW if series.counted == ANSWERS else NO_RECORD
    if series.open and not closed:
        return COUNTING
    return _ICONS[series.variation] if series.variation else WAITING


def icon_svg(icon: Icon) -> Markup:
    """Draw an icon; its words stand beside it on every page, so that it is hidden from readers of text.

    Parameters
    ----------
    icon : Icon
        What to draw.

    Returns
    -------
    Markup
        An SVG element without style attributes, coloured by the style sheet.
    """
    letter = icon.letter
    if letter:
        mark = f'<text x="20" y="{_LETTER_AT[letter]}" text-anchor="middle">{letter}</text>'
    elif icon.tone is Tone.USUAL:
        mark = '<path class="app-icon__line" d="M10 22 15 17 20 23 25 17 30 22"/>'
    else:
        mark = '<path class="app-icon__line" d="M12 20H28"/>'
    start = f'<svg class="app-icon app-icon--{icon.tone.value}" viewBox="0 0 40 40" width="40" height="40"'
    return Markup(f'{start} aria-hidden="true" focusable="false">{_SHAPES[letter]}{mark}</svg>')  # noqa: S704 - made of fixed parts only

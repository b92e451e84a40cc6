"""The icon of a target: whether things as they run now will meet it, by words, letter and shape."""

from __future__ import annotations

from markupsafe import Markup

from survey_app.stats.variation import Assurance

WORDS = {
    Assurance.PASS: "Target will be met",
    Assurance.FAIL: "Target will be missed",
    Assurance.INCONSISTENT: "Target met now and then",
}
_LETTERS = {Assurance.PASS: "P", Assurance.FAIL: "F", Assurance.INCONSISTENT: "?"}


def assurance_svg(assurance: Assurance) -> Markup:
    """Draw the icon of a target: a shield, so that it is not taken for the icon of a change.

    Parameters
    ----------
    assurance : Assurance
        What to draw; its words stand beside it on every page.

    Returns
    -------
    Markup
        An SVG element without style attributes, coloured by the style sheet.
    """
    shape = '<path d="M4 4H36V20C36 29 29 35 20 38 11 35 4 29 4 20z"/>'
    letter = f'<text x="20" y="26" text-anchor="middle">{_LETTERS[assurance]}</text>'
    start = f'<svg class="app-icon app-icon--{assurance.value}" viewBox="0 0 40 40" width="40" height="40"'
    return Markup(f'{start} aria-hidden="true" focusable="false">{shape}{letter}</svg>')  # noqa: S704 - made of fixed parts only

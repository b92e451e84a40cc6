"""Pictures of pages made to stand alone in a document: words inside, and colours that need no style sheet."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_INK = {
    "app-icon": {"fill": "#768692"},
    "app-icon--better": {"fill": "#005eb8"},
    "app-icon--worse": {"fill": "#c25700"},
    "app-icon--changed": {"fill": "#490092"},
    "app-icon--pass": {"fill": "#005eb8"},
    "app-icon--fail": {"fill": "#c25700"},
    "app-icon--waiting": {
        "fill": "#ffffff",
        "stroke": "#768692",
        "stroke-width": "2",
        "stroke-dasharray": "5 4",
    },
    "app-icon__line": {
        "fill": "none",
        "stroke": "#ffffff",
        "stroke-width": "3",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    },
    "app-spark__band": {"fill": "#e4ebef"},
    "app-spark__line": {"fill": "none", "stroke": "#4c6272", "stroke-width": "1.6"},
    "app-spark__dot": {"fill": "#4c6272", "stroke": "#ffffff", "stroke-width": "1.5"},
    "app-spark__dot--open": {"fill": "#ffffff", "stroke": "#4c6272"},
}
_WAITING_LINE = {"stroke": "#768692", "stroke-dasharray": "none"}
_DOTS = {"app-spark--better": "#005eb8", "app-spark--worse": "#c25700"}
_LETTER = {
    "fill": "#ffffff",
    "font-family": "Arial, Liberation Sans, DejaVu Sans, sans-serif",
    "font-weight": "700",
    "font-size": "17",
}
_TAG = re.compile(r"<(?P<name>svg|path|circle|text|rect|line|g)\b(?P<rest>[^>]*?)(?P<end>/?)>")
_CLASS = re.compile(r'class="([^"]*)"')
_HIDDEN = re.compile(r' (?:aria-hidden|focusable)="[^"]*"')


def standing_alone(picture: Markup, words: str) -> Markup:
    """Let a picture of a page carry its own words and colours.

    Parameters
    ----------
    picture : Markup
        An SVG element as pages show it, hidden from readers because words stand beside it.
    words : str
        What it says; plain text, in a document the picture's alternative text.

    Returns
    -------
    Markup
        The same picture for a document; empty for an empty one.
    """
    if not picture:
        return Markup()
    ink = _ink_of(str(picture))
    drawn = _TAG.sub(lambda found: _coloured(found, ink), _HIDDEN.sub("", str(picture)))
    opening, _, rest = drawn.partition(">")
    title = f"<title>{escape(words)}</title>"
    return Markup(f'{opening} role="img" xmlns="http://www.w3.org/2000/svg">{title}{rest}')  # noqa: S704 - words are escaped


def _ink_of(picture: str) -> dict[str, dict[str, str]]:
    """Return the colours by class; what a picture means colours some of its parts.

    Parameters
    ----------
    picture : str
        An SVG element.

    Returns
    -------
    dict of str to dict
        Attributes by class name.
    """
    ink = dict(_INK)
    if "app-icon--waiting" in picture:
        ink["app-icon__line"] = ink["app-icon__line"] | _WAITING_LINE
    for tone, colour in _DOTS.items():
        if tone in picture:
            ink["app-spark__dot"] = ink["app-spark__dot"] | {"fill": colour}
    return ink


def _coloured(found: re.Match[str], ink: dict[str, dict[str, str]]) -> str:
    classes = _CLASS.search(found["rest"])
    wanted = dict(_LETTER) if found["name"] == "text" else {}
    for name in classes[1].split() if classes else ():
        wanted |= ink.get(name, {})
    fresh = "".join(
        f' {name}="{value}"' for name, value in wanted.items() if f" {name}=" not in found["rest"]
    )
    return f"<{found['name']}{found['rest']}{fresh}{found['end']}>"

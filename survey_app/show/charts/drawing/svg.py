"""SVG made fit for a strict content policy: no styles, and words for who does not see it."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

FAMILY = "Arial, Helvetica, sans-serif"
_STYLE = re.compile(r'style="([^"]*)"')
_DROPPED = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<defs>\s*</defs>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<svg\b[^>]*>")
_FONT = re.compile(r"(?:(bold|[0-9]+)\s+)?([\d.]+)px\s+(.*)")
_SPACE = re.compile(r"\n\s*")


def strict_svg(drawn: str, *, size: tuple[int, int], title: str, description: str) -> bytes:
    """Turn what matplotlib wrote into an SVG for pages.

    Parameters
    ----------
    drawn : str
        The document as matplotlib wrote it.
    size : tuple of int
        Width and height in points.
    title, description : str
        Words for screen readers; plain text.

    Returns
    -------
    bytes
        UTF-8, with role, title and description, styled by attributes only.
    """
    body = drawn[drawn.index("<svg") :]
    body = _DROPPED.sub("", body)
    body = _STYLE.sub(lambda found: _attributes(found[1]), body)
    words = f'<title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc>'
    # matplotlib's own style element, which is dropped, said the same of joins and caps.
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-labelledby="t d" width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}" '
        f'stroke-linejoin="round" stroke-linecap="butt">{words}'
    )
    return _SPACE.sub("\n", _ROOT.sub(lambda _: root, body, count=1)).encode()


def _attributes(style: str) -> str:
    pairs: dict[str, str] = {}
    for declaration in style.replace("&quot;", "'").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            pairs[name.strip()] = value.strip()
    pairs |= _font(pairs.pop("font", ""))
    return " ".join(f'{name}="{value}"' for name, value in pairs.items())


def _font(shorthand: str) -> dict[str, str]:
    found = _FONT.match(shorthand)
    if found is None:
        return {}
    weight = {"font-weight": found[1]} if found[1] else {}
    return weight | {"font-size": found[2], "font-family": FAMILY}

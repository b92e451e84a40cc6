"""Looking inside a PDF with nothing but the standard library."""

from __future__ import annotations

import re
import zlib

import pytest

from survey_app.show.charts.documents.printing import missing

NEEDS_PANGO = pytest.mark.skipif(bool(missing()), reason="Pango is missing")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ALT = re.compile(rb"/Alt \(((?:[^()\\]|\\.)*)\)")


def opened(pdf: bytes) -> bytes:
    """Return a PDF with what its compressed streams hold behind it."""
    parts = [pdf]
    for found in _STREAM.finditer(pdf):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def n_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", opened(pdf)))


def alternative_texts(pdf: bytes) -> list[str]:
    return [found[1].decode("latin-1") for found in _ALT.finditer(opened(pdf))]


def tagged(pdf: bytes) -> set[str]:
    """Return the kinds of tag in the structure of a PDF, for screen readers."""
    inside = opened(pdf)
    assert b"/StructTreeRoot" in inside
    return {name.decode() for name in re.findall(rb"/S /(\w+)", inside)}

"""Cleaning of what leaves: characters that no provider can carry break XML and JSON on the way."""

from __future__ import annotations

import re

UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return a text without control characters and halves of characters; lines stay."""
    return UNSENDABLE.sub("", text)


def one_line(text: str) -> str:
    """Return a cleaned text on one line, as templates want what stands in their places."""
    return SPACES.sub(" ", clean(text)).strip()

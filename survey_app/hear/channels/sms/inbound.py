"""What a text says about who sent it."""

from __future__ import annotations

import re

PHONE = re.compile(r"\+[0-9]{7,15}")


def sender_of(address: str) -> str | None:
    """Return the number a text came from; None for names and short numbers."""
    return address if PHONE.fullmatch(address) else None

"""What a WhatsApp message says about who sent it and which button was tapped."""

from __future__ import annotations

import re

SCHEME = "whatsapp:"
PHONE = re.compile(r"whatsapp:(\+[0-9]{7,15})")
PAYLOAD = re.compile(r"a:[A-Za-z0-9_-]{22}:-?[0-9]{1,4}")


def sender_of(address: str) -> str | None:
    """Return the number a message came from; None for an account without a number."""
    found = PHONE.fullmatch(address)
    return found[1] if found else None


def payload_of(raw: str) -> str:
    """Return what a tapped button sent back, if it is one of ours."""
    return raw if PAYLOAD.fullmatch(raw) else ""

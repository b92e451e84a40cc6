"""What a text from outside must look like before anybody reads it, however it reached us."""

from __future__ import annotations

import re

MESSAGE_ID = re.compile(r"[A-Za-z0-9]{10,64}")
NOTIFY_ID = re.compile(r"[0-9a-f-]{36}")
PHONE = re.compile(r"\+[0-9]{7,15}")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 4000


def storable(body: str) -> str:
    """Return the words of a text without what cannot be stored, cut where no person writes on."""
    return UNSTORABLE.sub("", body)[:LONGEST_TEXT]


def is_from_a_phone(provider_id: str, sender: str) -> bool:
    """Tell whether a text has an id as providers make them and comes from a phone."""
    is_id = MESSAGE_ID.fullmatch(provider_id) or NOTIFY_ID.fullmatch(provider_id)
    return bool(is_id and PHONE.fullmatch(sender))

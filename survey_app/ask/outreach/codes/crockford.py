"""Codes for people's fingers: ten Crockford characters and a check character that finds every single slip."""

from __future__ import annotations

import re

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS = LETTERS + "*~$=U"
"""The check is the number modulo 37, a prime: no wrong character keeps it, nor a swap of neighbours."""
LENGTH = 10
LONGEST = 40
"""What is longer than a code with spaces and hyphens is not looked at."""

_LOOKALIKES = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u200b-\u200d\u2060\ufeff]+")


def check_of(letters: str) -> str:
    """Return the check character of ten letters."""
    number = 0
    for letter in letters:
        number = number * 32 + LETTERS.index(letter)
    return CHECKS[number % 37]


def letters_of(number: int) -> str:
    """Return ten letters made from the last fifty bits of a number."""
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def is_easy(letters: str) -> bool:
    """Tell whether the check character is one that people know how to type."""
    return check_of(letters) in LETTERS


def read_code(text: str) -> str | None:
    """Return the eleven characters somebody meant, or None where they are not a code.

    Case, spaces, hyphens and the letters that look like digits do not matter.
    """
    if len(text) > LONGEST:
        return None
    typed = _BETWEEN.sub("", text).upper().translate(_LOOKALIKES)
    if len(typed) != LENGTH + 1 or any(letter not in LETTERS for letter in typed[:LENGTH]):
        return None
    return typed if typed[LENGTH] == check_of(typed[:LENGTH]) else None


def in_groups(code: str) -> str:
    """Return a code as it is printed: ABCDE-FGHJK-X."""
    return f"{code[:5]}-{code[5:10]}-{code[10:]}"

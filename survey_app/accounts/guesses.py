"""Passwords that are guessed first: a list of ours, with what people put around and into its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from survey_app.settings import CONFIG_DIR

LIST = CONFIG_DIR / "common_passwords.txt"
LONGEST_PADDING = 8
"""More than that many characters around a common word, such as a random number, are worth something."""
SIGNS = str.maketrans("013457@$!|", "oleastasii")
OTHER_SIGNS = str.maketrans("1!", "il")
PADDING = re.compile(r"^[\W\d_]*|[\W\d_]*$")
REPEATED = re.compile(r"(.{1,10}?)\1+")


def is_guessable(password: str) -> bool:
    """Tell whether a password is a common one, one said twice, two in a row, or one with little around it."""
    return any(_is_common(text) for text in _read(password.lower()))


def _read(plain: str) -> Iterator[str]:
    without = plain.replace("!", "").replace("|", "")
    for text in (plain, without, plain.translate(OTHER_SIGNS)):
        yield _squeezed(text)
        yield _squeezed(text.translate(SIGNS))
        # Digits at the ends are read as digits, so that Summer2024 is the word and a year.
        core = PADDING.sub("", plain)
        if len(plain) - len(core) <= LONGEST_PADDING:
            yield _squeezed(core)
            yield _squeezed(core.translate(SIGNS))


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _is_common(text: str) -> bool:
    once = REPEATED.fullmatch(text)
    if once and _is_common(once[1]):
        return True
    known = common()
    return text in known or any(
        text[:cut] in known and text[cut:] in known for cut in range(3, len(text) - 2)
    )


@cache
def common() -> frozenset[str]:
    """Return the list."""
    lines = LIST.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))

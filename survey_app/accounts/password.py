"""Passwords: what is strong enough, and Argon2id hashes of them."""

from __future__ import annotations

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey_app.accounts.guesses import is_guessable

LEAST_LENGTH = 12
LEAST_OWN = 6
"""Characters that are neither of the address nor of the product's name."""
LONGEST = 256
"""Hashing a megabyte on request would be a way to keep the server busy."""

# 19 MiB, two passes, one lane: the first of OWASP's equal choices, kind to a machine with two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class WeakPassword(ValueError):
    """A password that would be guessed; the message says what was expected."""


def refuse_weak(password: str, *, email: str = "", product: str = "") -> None:
    """Raise WeakPassword unless a password is long, uncommon, and not made of the address or our name."""
    if not LEAST_LENGTH <= len(password) <= LONGEST:
        raise WeakPassword(f"use {LEAST_LENGTH} to {LONGEST} characters")
    plain = password.lower()
    is_simple = len(set(plain)) < 5 or plain in "01234567890123456789abcdefghijklmnopqrstuvwxyz"
    if is_simple or len(_own(plain, email, product)) < LEAST_OWN or is_guessable(plain):
        raise WeakPassword("use words that are harder to guess: three random words are a good password")


def _own(plain: str, email: str, product: str) -> str:
    # What is left when everything that anybody could know is taken away.
    known = [email.lower(), *re.split(r"[@.+_-]", email.lower()), product.lower(), *product.lower().split()]
    for part in sorted((part for part in known if len(part) > 3), key=len, reverse=True):
        plain = plain.replace(part, "")
    return re.sub(r"[\W_]", "", plain)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its own salt and parameters inside."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; without a hash it takes as long and says no."""
    try:
        return _HASHER.verify(password_hash or _nobody(), password[:LONGEST]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")

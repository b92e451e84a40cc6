"""Passwords: what is strong enough, and Argon2id hashes of them."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 12
LONGEST = 256
"""Hashing a megabyte on request would be a way to keep the server busy."""

# 19 MiB, two passes, one lane: the first of OWASP's equal choices, kind to a machine with two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_COMMON_PARTS = ("password", "passw0rd", "qwerty", "letmein", "welcome", "iloveyou", "changeme")


class WeakPassword(ValueError):
    """A password that would be guessed; the message says what was expected."""


def refuse_weak(password: str, *, email: str = "") -> None:
    """Raise WeakPassword unless a password is long and no common one."""
    if not LEAST_LENGTH <= len(password) <= LONGEST:
        raise WeakPassword(f"use {LEAST_LENGTH} to {LONGEST} characters")
    plain = password.lower()
    rest = plain
    for part in (*_COMMON_PARTS, email.lower(), email.lower().partition("@")[0]):
        rest = rest.replace(part, "") if len(part) > 3 else rest
    if len(rest) < 6 or len(set(plain)) < 5 or plain in "01234567890123456789abcdefghijklmnopqrstuvwxyz":
        raise WeakPassword("use words that are harder to guess: three random words are a good password")


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

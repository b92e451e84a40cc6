"""Keys that live outside the database, and what is done with them: tokens, indexes, contact ciphertext."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN_LENGTH = 22
"""22 letters and digits carry 131 bits; none of them is cut off by programs that turn text into links."""
KEY_BYTES = 32


class WeakKey(ValueError):
    """A key is missing, too short or a known placeholder."""


class WrongKey(ValueError):
    """A ciphertext cannot be opened with the contact key in use."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The four keys of an installation, each used for one thing."""

    session: bytes
    token: bytes
    contact: bytes
    index: bytes

    def __repr__(self) -> str:
        return "Keys(...)"


def load_keys(folder: Path, *, create: bool, session_secret: str | None = None) -> Keys:
    """Read the keys from `folder`, making missing ones only where `create` allows it."""
    found = {field.name: _read_key(folder / f"{field.name}.key", create=create) for field in fields(Keys)}
    if session_secret:
        found["session"] = hashlib.sha256(_strong(session_secret).encode()).digest()
    return Keys(**found)


def _read_key(path: Path, *, create: bool) -> bytes:
    if not path.exists():
        if not create:
            raise WeakKey(
                f"{path} is missing: put back the key file, "
                "or run `python -m survey_app keys create` on a new installation"
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, secrets.token_bytes(KEY_BYTES))
    key = base64.b64decode(path.read_bytes())
    if len(key) != KEY_BYTES:
        raise WeakKey(f"{path} must hold {KEY_BYTES} bytes in base64, it holds {len(key)}")
    return key


def _write_once(path: Path, key: bytes) -> None:
    # O_EXCL: two processes starting together agree on whichever file came first.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key))


def _strong(secret: str) -> str:
    if len(secret) < KEY_BYTES or len(set(secret)) < 10:
        raise WeakKey(f"SURVEY_SECRET_KEY must be at least {KEY_BYTES} random characters")
    return secret


def keyed_hash(key: bytes, purpose: str, text: str) -> bytes:
    """Return HMAC-SHA-256 of `text`, bound to what it is for."""
    return hmac.digest(key, f"{purpose}\x00{text}".encode(), "sha256")


def derive_token(key: bytes, purpose: str, identity: str) -> str:
    """Return the 22-character token of one thing; the same thing always gets the same token."""
    return in_letters(keyed_hash(key, purpose, identity))


def in_letters(secret: bytes) -> str:
    """Return 32 random bytes as a token."""
    number = int.from_bytes(secret)
    letters = []
    for _ in range(TOKEN_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def seal(key: bytes, plaintext: str, *, bound_to: str) -> bytes:
    """Encrypt a contact detail so that it can only be opened where it belongs."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, plaintext.encode(), bound_to.encode())


def unseal(key: bytes, ciphertext: bytes, *, bound_to: str) -> str:
    """Decrypt what `seal` made; a wrong key or a moved ciphertext raises WrongKey."""
    try:
        return AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], bound_to.encode()).decode()
    except InvalidTag:
        raise WrongKey(
            f"the contact key does not open {bound_to}: put back the key this database was made with"
        ) from None

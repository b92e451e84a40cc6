"""Closing and opening what somebody wrote: every draft and every ballot is exactly as long as any other."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.waves.keyfile import WaveKey, derive

SIZE = 1024
"""Bytes before sealing; the row of a whole ballot stays below what databases store elsewhere."""
LENGTH_BYTES = 2
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class TooLong(ValueError):
    """More than fits into one size: a longer text would tell whose it is."""


class Unreadable(ValueError):
    """What cannot be opened with this key, or was changed since it was closed."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished ballot: only statements with an answer, and whether it was filled in very fast."""

    answers: Mapping[str, int]
    quick: bool


def pad(said: Mapping[str, Any]) -> bytes:
    """Return a value as JSON in exactly SIZE bytes, or raise TooLong."""
    written = json.dumps(said, separators=(",", ":"), sort_keys=True).encode()
    if len(written) > SIZE - LENGTH_BYTES:
        raise TooLong(f"{len(written)} bytes do not fit into {SIZE - LENGTH_BYTES}")
    return len(written).to_bytes(LENGTH_BYTES) + written.ljust(SIZE - LENGTH_BYTES, b"\0")


def unpad(padded: bytes) -> dict[str, Any]:
    """Return what `pad` was given, or raise Unreadable."""
    length = int.from_bytes(padded[:LENGTH_BYTES])
    try:
        said = json.loads(padded[LENGTH_BYTES : LENGTH_BYTES + length])
    except ValueError:
        raise Unreadable("this was not written here") from None
    if not isinstance(said, dict):
        raise Unreadable("this was not written here")
    return said


def fits(instrument: Instrument) -> bool:
    """Tell whether every answer to an instrument fits into a draft."""
    longest = {item.id: 2**31 for item in instrument.items}
    try:
        pad({"a": longest, "b": 2**40, "l": "x" * 16, "g": "x" * 16})
    except TooLong:
        return False
    return True


def draft_id(key: WaveKey, token: str) -> bytes:
    """Return under which id the draft of a token is kept; only the wave's key tells whose it is."""
    return derive(token.encode(), key.salt, "ballot draft id")


def seal_draft(key: WaveKey, token: str, said: Mapping[str, Any]) -> bytes:
    """Close a draft so that only its own token, together with the wave's key, opens it (AES-256-GCM)."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_draft_key(key, token)).encrypt(nonce, pad(said), draft_id(key, token))


def open_draft(key: WaveKey, token: str, sealed: bytes) -> dict[str, Any]:
    """Open a draft, or raise Unreadable."""
    try:
        opened = AESGCM(_draft_key(key, token)).decrypt(sealed[:12], sealed[12:], draft_id(key, token))
    except InvalidTag:
        raise Unreadable("a draft cannot be opened with this token") from None
    return unpad(opened)


def seal_ballot(public_key: bytes, wave_id: str, paper: Paper) -> bytes:
    """Close a ballot with the wave's public key (HPKE); from then on only the close of the wave opens it."""
    said = {"a": dict(paper.answers), "q": paper.quick}
    recipient = X25519PublicKey.from_public_bytes(public_key)
    return SUITE.encrypt(pad(said), recipient, info=_info(wave_id))


def open_ballot(key: WaveKey, wave_id: str, sealed: bytes) -> Paper:
    """Open a ballot, or raise Unreadable."""
    try:
        said = unpad(SUITE.decrypt(sealed, key.private, info=_info(wave_id)))
    except (InvalidTag, ValueError):
        raise Unreadable("a ballot cannot be opened with the key of its wave") from None
    return Paper({str(item): int(value) for item, value in said["a"].items()}, bool(said["q"]))


def _draft_key(key: WaveKey, token: str) -> bytes:
    return derive(token.encode(), key.salt, "ballot draft key")


def _info(wave_id: str) -> bytes:
    return f"team ballot\0{wave_id}".encode()

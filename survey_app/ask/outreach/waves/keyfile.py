"""The key of a wave: a file beside the database, in no backup, and gone for good once the wave is over."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey_app.crypto import KEY_BYTES, in_letters

NOT_BACKED_UP = "CACHEDIR.TAG"
SIGNATURE = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# Keys of open team waves: no backup may hold them.\n"
)
"""What tar, borg and restic know a folder by that they are to leave out."""


class LostKey(RuntimeError):
    """The key of a wave is missing, or is not the one it was launched with."""


@dataclass(frozen=True, slots=True)
class WaveKey:
    """The salt that makes tokens and drafts, and the private key that opens ballots."""

    salt: bytes
    private: X25519PrivateKey

    def __repr__(self) -> str:
        return "WaveKey(...)"

    @property
    def public(self) -> bytes:
        """Return what seals ballots."""
        return self.private.public_key().public_bytes_raw()

    def token(self, wave_id: str, member_id: int) -> str:
        """Return the token of one member; it is made again at each sending, and stored nowhere."""
        return in_letters(derive(self.salt, None, f"team token\0{wave_id}\0{member_id}"))


def derive(secret: bytes, salt: bytes | None, purpose: str) -> bytes:
    """Return 32 bytes made from a secret for one purpose (HKDF-SHA256)."""
    return HKDF(SHA256(), KEY_BYTES, salt, purpose.encode()).derive(secret)


def new_key() -> WaveKey:
    """Return a fresh key."""
    return WaveKey(secrets.token_bytes(KEY_BYTES), X25519PrivateKey.generate())


def path_of(data_dir: Path, wave_id: str) -> Path:
    """Return where the key of a wave lies."""
    return data_dir / "waves" / f"{wave_id}.key"


def store(data_dir: Path, wave_id: str, key: WaveKey) -> None:
    """Put a key on disk, durably, before anything that needs it is committed."""
    path = path_of(data_dir, wave_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    (path.parent / NOT_BACKED_UP).write_text(SIGNATURE, encoding="ascii")
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    with _written(fresh) as handle:
        os.write(handle, base64.b64encode(key.salt + key.private.private_bytes_raw()))
    fresh.replace(path)
    _sync(path.parent)


def load(data_dir: Path, wave_id: str, public: bytes | None) -> WaveKey:
    """Return the key of a wave, or raise LostKey where it is not the one that its public key belongs to."""
    try:
        held = base64.b64decode(path_of(data_dir, wave_id).read_bytes())
    except FileNotFoundError:
        raise LostKey(f"the key of wave {wave_id} is missing") from None
    if len(held) != 2 * KEY_BYTES:
        raise LostKey(f"the key of wave {wave_id} is broken")
    key = WaveKey(held[:KEY_BYTES], X25519PrivateKey.from_private_bytes(held[KEY_BYTES:]))
    if key.public != public:
        raise LostKey(f"the key of wave {wave_id} is not the one it was launched with")
    return key


def destroy(data_dir: Path, wave_id: str) -> bool:
    """Overwrite and remove a key; tell whether there was one."""
    path = path_of(data_dir, wave_id)
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return False
    try:
        os.write(handle, secrets.token_bytes(os.fstat(handle).st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink(missing_ok=True)
    _sync(path.parent)
    return True


def kept(data_dir: Path) -> list[str]:
    """Return the waves whose key lies in the folder."""
    return sorted(path.stem for path in (data_dir / "waves").glob("*.key"))


@contextmanager
def _written(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield handle
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

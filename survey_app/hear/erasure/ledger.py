"""The ledger outside the database: who was erased and who objected, as keyed hashes, lines only added."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from survey_app.settings import Settings


class Mark(StrEnum):
    """What a line of the ledger is about."""

    PERSON = "person"  # the hash of an erased person's reference
    ADDRESS = "address"  # the index of an address that was theirs alone
    OBJECTION = "objection"  # the index of an address that must not be contacted


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; `why` is said of objections only."""

    at: dt.datetime
    mark: Mark
    digest: bytes
    why: str = ""

    def line(self) -> str:
        """Return the entry as it is written."""
        at = self.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        return " ".join(filter(None, (at, self.mark, self.digest.hex(), self.why))) + "\n"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a file holds; a line that cannot be read (a crash tore it) is named and passed over."""

    entries: tuple[Entry, ...]
    unreadable: tuple[int, ...]


def beyond(entries: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Return what some entries say that others do not know yet, once each.

    Somebody may be erased twice, having come back between: the later one counts. An objection is made once.
    """
    there = _newest(others)
    return [
        entry
        for key, entry in _newest(entries).items()
        if key not in there or (entry.mark is not Mark.OBJECTION and entry.at > there[key].at)
    ]


def ledger_file(settings: Settings) -> Path:
    """Return where the ledger stands."""
    return settings.data_dir / "erasures" / "ledger"


def read(path: Path) -> Ledger:
    """Read a ledger; one that is not there has no entries."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    read_lines = [(number, _entry(line)) for number, line in enumerate(lines, start=1) if line]
    return Ledger(
        entries=tuple(entry for _, entry in read_lines if entry is not None),
        unreadable=tuple(number for number, entry in read_lines if entry is None),
    )


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Add lines and let them reach the disk; two processes never write into each other's line."""
    text = "".join(entry.line() for entry in entries)
    if not text:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        file.write((("\n" if torn else "") + text).encode())
        file.flush()
        os.fsync(handle)


def _newest(entries: Iterable[Entry]) -> dict[tuple[Mark, bytes], Entry]:
    return {(entry.mark, entry.digest): entry for entry in sorted(entries, key=lambda entry: entry.at)}


def _entry(line: str) -> Entry | None:
    at, mark, digest, *why = [*line.split(" ", 3), "", ""][:4]
    try:
        return Entry(dt.datetime.fromisoformat(at), Mark(mark), bytes.fromhex(digest), why[0] if why else "")
    except ValueError:
        return None

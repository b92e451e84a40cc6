"""Proving the trail: every seal is worked out again; the head kept outside the database shows a cut tail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.audit.trail import FIRST, seal_of
from survey_app.crypto import Keys

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """How far the trail had come, and the seal it had there."""

    number: int
    seal: bytes

    def line(self, at: dt.datetime) -> str:
        """Return the head as a line of the file of heads."""
        return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {self.number} {self.seal.hex()}\n"


class BadHead(ValueError):
    """A line of the file of heads cannot be read; the message names it."""


def head_of(session: Session) -> Head | None:
    """Return where the trail ends; None while it is empty."""
    newest = sa.select(AuditEntry.number, AuditEntry.seal).order_by(AuditEntry.number.desc()).limit(1)
    found = session.execute(newest).first()
    return None if found is None else Head(found.number, found.seal)


def anchor(head: Head, path: Path, *, now: dt.datetime) -> bool:
    """Write a head down outside the database, unless it stands there; tell whether it was written."""
    if head in heads_in(path)[-1:]:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(head.line(now))
    path.chmod(0o600)
    return True


def heads_in(path: Path) -> list[Head]:
    """Read a file of heads; one that is not there has none."""
    if not path.exists():
        return []
    heads = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            _, at, seal = line.split()
            heads.append(Head(int(at), bytes.fromhex(seal)))
        except ValueError:
            raise BadHead(f"{path.name}, line {number}: expected a time, a number and a seal") from None
    return heads


def faults_in(session: Session, keys: Keys, anchored: list[Head]) -> Iterator[str]:
    """Yield what is wrong: an edit breaks a seal, a deletion leaves a gap, a cut tail loses a head."""
    expected, before = 1, FIRST
    seals: dict[int, bytes] = {}
    wanted = {head.number for head in anchored}
    query = sa.select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=BATCH)
    for entry in session.scalars(query):
        if entry.number != expected:
            yield f"entries {expected} to {entry.number - 1} are missing"
        elif seal_of(keys, entry, before) != entry.seal:
            yield f"entry {entry.number} was changed after it was written"
        expected, before = entry.number + 1, entry.seal
        if entry.number in wanted:
            seals[entry.number] = entry.seal
    for head in anchored:
        if head.number not in seals:
            yield f"the end of the trail was cut off: entry {head.number} stood there once"
        elif seals[head.number] != head.seal:
            yield f"entry {head.number} is not the one that was written down outside the database"

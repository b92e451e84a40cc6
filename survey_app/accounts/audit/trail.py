"""Writing the trail: each entry is sealed over itself and the one before."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.audit.tables import AuditEntry
from survey_app.crypto import Keys, keyed_hash

FIRST = b"\x00" * 32
LOCK = 7_142_953
"""Of the trail, among PostgreSQL's advisory locks: two writers must not follow the same entry."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did."""

    by: str
    did: str
    about: str = ""
    reason: str = ""


def write(session: Session, deed: Deed, *, keys: Keys, now: dt.datetime) -> int:
    """Add an entry in the caller's transaction and return its number."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    newest = sa.select(AuditEntry.number, AuditEntry.seal).order_by(AuditEntry.number.desc()).limit(1)
    last = session.execute(newest).first()
    entry = AuditEntry(
        number=1 if last is None else last.number + 1,
        at=now,
        by=_plain(deed.by, 254),
        did=_plain(deed.did, 80),
        about=_plain(deed.about, 200),
        reason=_plain(deed.reason, 200),
    )
    entry.seal = seal_of(keys, entry, FIRST if last is None else last.seal)
    session.add(entry)
    session.flush()
    return entry.number


def _plain(text: str, longest: int) -> str:
    # PostgreSQL takes no NUL in a text, and what was done must not fail over what was typed.
    return text.replace("\x00", "?")[:longest]


def seal_of(keys: Keys, entry: AuditEntry, before: bytes) -> bytes:
    """Return the keyed hash over an entry and the seal of the one before."""
    at = entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    said = [before.hex(), entry.number, at, entry.by, entry.did, entry.about, entry.reason]
    return keyed_hash(keys.index, "audit", json.dumps(said, ensure_ascii=False))


def was_written(session: Session, by: str, did: str, *, since: dt.datetime) -> bool:
    """Tell whether somebody's deed of a kind was written down since an instant."""
    same = sa.exists().where(AuditEntry.by == by, AuditEntry.did == did, AuditEntry.at > since)
    return bool(session.scalar(sa.select(same)))


def latest(
    session: Session, *, before: int | None = None, by: str = "", limit: int = 100
) -> Sequence[AuditEntry]:
    """Return a page of entries, the newest first."""
    query = sa.select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    if by:
        query = query.where(AuditEntry.by == by)
    return session.scalars(query).all()

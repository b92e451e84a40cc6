"""What the database knows of erasures and objections: the same as the ledger, or one of them lags behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.consent import suppress
from survey_app.ask.population.tables import Suppression
from survey_app.database import upsert, upsert_all
from survey_app.hear.erasure.ledger import Entry, Mark
from survey_app.hear.erasure.tables import ErasedAddress, Erasure


def erased(session: Session) -> Mapping[bytes, dt.datetime]:
    """Return the marks of everybody who was erased, and when: hashes of references, indexes of addresses."""
    found = dict(session.execute(sa.select(Erasure.reference_hash, Erasure.erased_at)).all())
    return found | dict(
        session.execute(sa.select(ErasedAddress.address_index, ErasedAddress.erased_at)).all()
    )


def known(session: Session) -> list[Entry]:
    """Return what the ledger should hold, the oldest first."""
    people = session.execute(sa.select(Erasure.reference_hash, Erasure.erased_at))
    addresses = session.execute(sa.select(ErasedAddress.address_index, ErasedAddress.erased_at))
    objections = session.execute(sa.select(Suppression.phone_index, Suppression.since, Suppression.reason))
    entries = [Entry(at, Mark.PERSON, digest) for digest, at in people]
    entries += [Entry(at, Mark.ADDRESS, digest) for digest, at in addresses]
    entries += [Entry(at, Mark.OBJECTION, digest, why) for digest, at, why in objections]
    return sorted(entries, key=lambda entry: entry.at)


def mark(session: Session, reference: bytes | None, addresses: Iterable[bytes], *, at: dt.datetime) -> None:
    """Note that somebody was erased; where that happened before, the later time counts."""
    if reference is not None:
        row = {"reference_hash": reference, "erased_at": at}
        upsert(session, Erasure, row, key=["reference_hash"])
    rows = [{"address_index": index, "erased_at": at} for index in addresses]
    upsert_all(session, ErasedAddress, rows, key=["address_index"])


def note(session: Session, entries: Iterable[Entry]) -> None:
    """Take entries of a ledger into the database again; whose people are still there is another matter."""
    for entry in entries:
        if entry.mark is Mark.PERSON:
            mark(session, entry.digest, [], at=entry.at)
        elif entry.mark is Mark.ADDRESS:
            mark(session, None, [entry.digest], at=entry.at)
        else:
            suppress(session, phone_index=entry.digest, reason=entry.why or "objected", at=entry.at)

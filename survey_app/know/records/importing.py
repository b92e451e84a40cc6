"""Taking a file of records, all of it or none; the same period given again becomes a new revision."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.sheets import Faults
from survey_app.know.records.definitions import RecordMeasures
from survey_app.know.records.rows import Given, Key, read_rows
from survey_app.know.records.tables import Record, RecordImport


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was given."""

    data: bytes
    file_name: str
    source: str

    @property
    def sha256(self) -> str:
        """Return which bytes it was."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a file would do: rows that are new, that change a figure, and that say what is known."""

    new: tuple[Given, ...]
    changed: tuple[Given, ...]
    n_same: int

    @property
    def rows(self) -> tuple[Given, ...]:
        """Return what would be stored, in the file's order."""
        return tuple(sorted((*self.new, *self.changed), key=lambda row: row.line))


def preview(
    session: Session, sheet: Sheet, measures: RecordMeasures, places: Collection[str], *, today: dt.date
) -> Preview:
    """Say what taking a file would do; where a line is bad, raise BadRows naming each."""
    faults = Faults()
    rows = read_rows(sheet.data, measures, places, today=today, faults=faults)
    standing = _standing(session, {row.measure_id for row in rows})
    known: dict[tuple[str, str], set[Key]] = {}
    for key in (*standing, *(row.key for row in rows)):
        known.setdefault(key[:2], set()).add(key)
    for row in rows:
        overlap = _overlap(row, known[row.measure_id, row.place_id])
        if overlap:
            faults.add(row.line, f"the period overlaps one that is there: {overlap[2]} to {overlap[3]}")
    faults.raise_any()
    new = tuple(row for row in rows if row.key not in standing)
    again = [row for row in rows if row.key in standing]
    changed = tuple(row for row in again if standing[row.key] != _values(row))
    return Preview(new, changed, len(again) - len(changed))


def take(
    session: Session,
    sheet: Sheet,
    measures: RecordMeasures,
    places: Collection[str],
    *,
    by: str,
    now: dt.datetime,
) -> Preview:
    """Store a file with its provenance; where a line is bad, raise BadRows and store nothing.

    What it says again unchanged is not stored twice, so that taking a file twice is the same as once.
    """
    found = preview(session, sheet, measures, places, today=now.date())
    if not found.rows:
        return found
    came = RecordImport(
        file_name=sheet.file_name[:200],
        sha256=sheet.sha256,
        source=sheet.source[:200],
        taken_by=by,
        taken_at=now,
    )
    session.add(came)
    session.flush()
    revisions = _revisions(session, {row.measure_id for row in found.changed})
    session.execute(
        sa.insert(Record),
        [_row(row, came.id, revisions.get(row.key, 0) + 1) for row in found.rows],
    )
    return found


def _row(row: Given, import_id: int, revision: int) -> dict[str, object]:
    return {
        "measure_id": row.measure_id,
        "place_id": row.place_id,
        "start": row.start,
        "end": row.end,
        "revision": revision,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "note": row.note,
        "import_id": import_id,
    }


def _values(row: Given) -> tuple[float, float | None, str]:
    return row.numerator, row.denominator, row.note


def _standing(session: Session, measure_ids: Collection[str]) -> dict[Key, tuple[float, float | None, str]]:
    query = sa.select(Record).where(Record.measure_id.in_(measure_ids)).order_by(Record.revision)
    return {
        (row.measure_id, row.place_id, row.start, row.end): (row.numerator, row.denominator, row.note)
        for row in session.scalars(query)
    }


def _revisions(session: Session, measure_ids: Collection[str]) -> dict[Key, int]:
    key = (Record.measure_id, Record.place_id, Record.start, Record.end)
    query = sa.select(*key, sa.func.max(Record.revision)).where(Record.measure_id.in_(measure_ids))
    return {(row[0], row[1], row[2], row[3]): row[4] for row in session.execute(query.group_by(*key))}


def _overlap(row: Given, keys: Collection[Key]) -> Key | None:
    return next((key for key in keys if key != row.key and key[2] <= row.end and key[3] >= row.start), None)

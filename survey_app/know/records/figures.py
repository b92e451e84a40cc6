"""Records as rooms above may read them: rounded, period by period, with where they came from."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.records.definitions import PeriodKind, RecordMeasure, RecordMeasures
from survey_app.know.records.periods import begins_a_year, following
from survey_app.know.records.rounding import Raw, Shown, shown
from survey_app.know.records.tables import Record, RecordImport


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the newest figure of a measure at a place came from, and how often figures were corrected."""

    file_name: str
    sha256: str
    source: str
    taken_by: str
    taken_at: dt.datetime
    n_corrected: int
    notes: tuple[tuple[dt.date, str], ...]


def editions(session: Session, measures: RecordMeasures) -> dict[tuple[str, str], str]:
    """Return for each measure and place a short text that changes with its records or its definition."""
    query = sa.select(Record.measure_id, Record.place_id, sa.func.max(Record.id), sa.func.count())
    found = session.execute(query.group_by(Record.measure_id, Record.place_id))
    return {
        (measure_id, place_id): _token(measures.get(measure_id), newest, n)
        for measure_id, place_id, newest, n in found
        if measures.has(measure_id)
    }


def figures(session: Session, measure: RecordMeasure, place_id: str) -> list[Shown]:
    """Return every period from the first to the last, oldest first; what was not given has no figure."""
    raws = _raws(session, measure.id, place_id)
    if measure.period is PeriodKind.YEAR or not raws:
        return [shown(measure, raw) for raw in raws]
    by_start = {raw.start: raw for raw in raws}
    start, last, found = raws[0].start, raws[-1].start, []
    while start <= last:
        raw = _single(measure, by_start, start)
        after = following(measure.period, start)
        end = after - dt.timedelta(days=1)
        found.append(Shown(start, end) if raw is None else shown(measure, raw))
        start = after
    return found


def provenance(session: Session, measure_id: str, place_id: str) -> Provenance | None:
    """Return where the newest figure came from; None where nothing was ever given."""
    here = sa.and_(Record.measure_id == measure_id, Record.place_id == place_id)
    came = session.scalars(
        sa.select(RecordImport).join(Record).where(here).order_by(RecordImport.id.desc()).limit(1)
    ).first()
    if came is None:
        return None
    corrected = sa.select(sa.func.count()).where(here, Record.revision > 1)
    noted = sa.select(Record.end, Record.note).where(here, Record.note != "").order_by(Record.start.desc())
    return Provenance(
        came.file_name,
        came.sha256,
        came.source,
        came.taken_by,
        came.taken_at,
        int(session.execute(corrected).scalar_one()),
        tuple((row.end, row.note) for row in session.execute(noted.limit(5))),
    )


def _single(measure: RecordMeasure, by_start: dict[dt.date, Raw], start: dt.date) -> Raw | None:
    """Return one period by itself: of a measure that counts up, the difference to the period before."""
    raw = by_start.get(start)
    if raw is None or not measure.cumulative or begins_a_year(start):
        return raw
    before = next((by_start[day] for day in by_start if following(measure.period, day) == start), None)
    if before is None or before.numerator > raw.numerator:
        return None
    return Raw(raw.start, raw.end, raw.numerator - before.numerator, raw.denominator)


def _raws(session: Session, measure_id: str, place_id: str) -> list[Raw]:
    query = (
        sa.select(Record.start, Record.end, Record.numerator, Record.denominator)
        .where(Record.measure_id == measure_id, Record.place_id == place_id)
        .order_by(Record.start, Record.revision)
    )
    rows = session.execute(query)
    return list({start: Raw(start, end, top, bottom) for start, end, top, bottom in rows}.values())


def _token(measure: RecordMeasure, newest: int, n_records: int) -> str:
    words = f"{newest}:{n_records}:{measure!r}"
    return hashlib.sha256(words.encode()).hexdigest()[:22]

"""People who are left alone for a while (a death, an illness, a safeguarding worry), taken from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.sheets import Faults, Row, formula_fault, parse_sheet
from survey_app.ask.population.tables import Exclusion, ExclusionReason, Participant
from survey_app.database import insert_or_ignore

COLUMNS = ("reference", "reason", "from", "until")
OPTIONAL = ("source",)
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Excluded:
    """One good row; `participant_id` is None for somebody who is not on our list."""

    line: int
    participant_id: int | None
    reason: ExclusionReason
    from_day: dt.date
    until_day: dt.date | None
    source: str

    def holds(self, day: dt.date) -> bool:
        """Tell whether the person is left alone on a day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True)
class ExclusionReport:
    """What a file says: how many people, since when, and the lines of people who are not on our list."""

    n_now: int
    n_later: int
    n_over: int
    unknown: tuple[int, ...]
    participant_ids: tuple[int, ...]  # of those left alone from today


def excluded(day: dt.date) -> sa.ColumnElement[bool]:
    """Return the condition that a participant is left alone on a day."""
    return sa.exists().where(
        Exclusion.participant_id == Participant.id,
        Exclusion.from_day <= day,
        sa.or_(Exclusion.until_day.is_(None), Exclusion.until_day >= day),
    )


def read_exclusions(session: Session, data: bytes | str, *, today: dt.date) -> ExclusionReport:
    """Say what a file would do; where a line is bad, raise BadRows naming each. Nothing is stored."""
    return _report(_rows(session, data), today)


def take_exclusions(
    session: Session, data: bytes | str, *, now: dt.datetime, today: dt.date
) -> ExclusionReport:
    """Store a file, all or nothing; the same row again only moves its last day."""
    rows = _rows(session, data)
    for row in rows:
        if row.participant_id is not None:
            _store(session, row, row.participant_id, now)
    return _report(rows, today)


def n_excluded(session: Session, day: dt.date) -> int:
    """Return how many people are left alone on a day."""
    counted = sa.select(sa.func.count()).select_from(Participant).where(excluded(day))
    return session.scalar(counted) or 0


def forget(session: Session, participant_id: int) -> None:
    """Delete why and since when an erased person was left alone."""
    session.execute(sa.delete(Exclusion).where(Exclusion.participant_id == participant_id))


def _rows(session: Session, data: bytes | str) -> list[Excluded]:
    faults = Faults()
    rows = parse_sheet(data, columns=COLUMNS, optional=OPTIONAL, faults=faults)
    known = dict(session.execute(sa.select(Participant.reference, Participant.id)).all())
    found = [one for row in rows if (one := _row(row, known, faults)) is not None]
    faults.raise_any()
    return found


def _row(row: Row, known: Mapping[str, int], faults: Faults) -> Excluded | None:
    reasons = _cell_faults(row)
    begins, ends = _day(row, "from", reasons), _day(row, "until", reasons)
    if not row["from"]:
        reasons.append("from is missing: expected a day such as 2026-11-25")
    if begins is not None and ends is not None and ends < begins:
        reasons.append("until is before from")
    for reason in reasons:
        faults.add(row.line, reason)
    if reasons or begins is None:
        return None
    return Excluded(
        row.line, known.get(row["reference"]), ExclusionReason(row["reason"]), begins, ends, row["source"]
    )


def _cell_faults(row: Row) -> list[str]:
    faults = []
    if not 1 <= len(row["reference"]) <= 64:
        faults.append("reference must have 1 to 64 characters")
    if row["reason"] not in [*ExclusionReason]:
        # The cell is not repeated: it is about somebody's health.
        faults.append(f"reason must be one of {', '.join(ExclusionReason)}")
    if len(row["source"]) > LONGEST:
        faults.append(f"source is longer than {LONGEST} characters")
    formula = formula_fault(row, ("reference", "source"))
    return [*faults, formula] if formula else faults


def _day(row: Row, column: str, faults: list[str]) -> dt.date | None:
    if not row[column]:
        return None
    try:
        return dt.date.fromisoformat(row[column])
    except ValueError:
        faults.append(f"{column} must be a day such as 2026-11-25, not {row[column]!r}")
        return None


def _store(session: Session, row: Excluded, participant_id: int, now: dt.datetime) -> None:
    key = {"participant_id": participant_id, "reason": row.reason, "from_day": row.from_day}
    told = {"until_day": row.until_day, "source": row.source}
    if not insert_or_ignore(session, Exclusion, [key | told | {"taken_at": now}]):
        session.execute(sa.update(Exclusion).filter_by(**key).values(**told))


def _report(rows: list[Excluded], today: dt.date) -> ExclusionReport:
    known = [row for row in rows if row.participant_id is not None]
    now = {row.participant_id for row in known if row.holds(today)}
    later = {row.participant_id for row in known if row.from_day > today} - now
    every = {row.participant_id for row in known}
    return ExclusionReport(
        n_now=len(now),
        n_later=len(later),
        n_over=len(every - now - later),
        unknown=tuple(row.line for row in rows if row.participant_id is None),
        participant_ids=tuple(sorted(one for one in now if one is not None)),
    )

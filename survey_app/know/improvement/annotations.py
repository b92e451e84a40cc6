"""Annotations: dated events at a place, shown there and at every place below; withdrawn ones are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.improvement.changes import BadSteering, note_change, plain
from survey_app.know.improvement.tables import AnnotationRow

LONGEST = 120


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """What somebody wants to note: for one measure, or for all measures of the place."""

    place_id: str
    measure_id: str | None
    day: dt.date
    text: str
    by: str


def annotate(session: Session, new: NewAnnotation, *, now: dt.datetime, today: dt.date) -> int:
    """Note an event and return its number."""
    if not dt.date(2000, 1, 1) <= new.day <= today:
        raise BadSteering("Enter a day that is not in the future")
    row = AnnotationRow(
        place_id=new.place_id,
        measure_id=new.measure_id,
        day=new.day,
        text=plain(new.text, at_most=LONGEST, what="what happened"),
        made_by=new.by[:120],
        made_at=now,
    )
    session.add(row)
    note_change(session, now)
    session.flush()
    return row.id


def withdraw(session: Session, annotation_id: int, *, by: str, now: dt.datetime) -> bool:
    """Take an annotation off the charts; return whether it still stood there."""
    standing = sa.update(AnnotationRow).where(
        AnnotationRow.id == annotation_id, AnnotationRow.withdrawn_at.is_(None)
    )
    row = session.execute(
        standing.values(withdrawn_at=now, withdrawn_by=by[:120]).returning(AnnotationRow.id)
    ).first()
    if row is not None:
        note_change(session, now)
    return row is not None


def annotation(session: Session, annotation_id: int) -> AnnotationRow | None:
    """Return one annotation, withdrawn or not."""
    return session.get(AnnotationRow, annotation_id)


def annotations_for(session: Session, measure_id: str, place_ids: Iterable[str]) -> list[AnnotationRow]:
    """Return every annotation of some places that concerns a measure, withdrawn ones too, newest first."""
    query = sa.select(AnnotationRow).where(
        AnnotationRow.place_id.in_(list(place_ids)),
        sa.or_(AnnotationRow.measure_id.is_(None), AnnotationRow.measure_id == measure_id),
    )
    return list(session.scalars(query.order_by(AnnotationRow.day.desc(), AnnotationRow.id.desc())))


def standing_annotations(session: Session) -> list[AnnotationRow]:
    """Return every annotation that stands on charts."""
    query = sa.select(AnnotationRow).where(AnnotationRow.withdrawn_at.is_(None))
    return list(session.scalars(query.order_by(AnnotationRow.id)))

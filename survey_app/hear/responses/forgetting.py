"""Forgetting responses: answers, their history and the keys of their submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, SubmissionRow

BATCH = 500
"""SQLite takes only so many parameters in one statement."""


def of_person(session: Session, person: bytes) -> list[int]:
    """Return the ids of a pseudonym's responses, locked against answers that are just coming in."""
    query = sa.select(Response.id).where(Response.person == person).order_by(Response.id).with_for_update()
    return list(session.scalars(query))


def never_answered(session: Session, before: dt.datetime) -> list[int]:
    """Return the ids of responses that were begun, never settled, and could be answered until `before`."""
    query = sa.select(Response.id).where(Response.settled_at.is_(None), Response.expires_at < before)
    return list(session.scalars(query.order_by(Response.id)))


def forget(session: Session, response_ids: Sequence[int]) -> None:
    """Delete responses with all that hangs on them; rooms above have let go of them before."""
    for ids in in_batches(response_ids):
        for table in (AnswerHistory, Answer, SubmissionRow):
            session.execute(sa.delete(table).where(table.response_id.in_(ids)))
        session.execute(sa.delete(Response).where(Response.id.in_(ids)))


def in_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in parts that fit into one statement."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]

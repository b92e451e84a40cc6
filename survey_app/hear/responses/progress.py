"""How far a response has come, for doors that only look."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.responses.tables import Answer, Response, ResponseState


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a response and the answers that stand."""

    state: ResponseState
    answers: dict[str, int | None]


def progress(session: Session, origin_name: str) -> Progress | None:
    """Return the progress of one origin's response, or None before the first answer."""
    connection = session.connection()
    row = connection.execute(
        sa.select(Response.id, Response.state).where(Response.origin == origin_name)
    ).first()
    if row is None:
        return None
    return Progress(ResponseState(row.state), answers_of(session, row.id))


def answers_of(session: Session, response_id: int) -> dict[str, int | None]:
    """Return the answers of a response that stand, by item."""
    query = sa.select(Answer.item_id, Answer.code).where(Answer.response_id == response_id)
    return {row.item_id: row.code for row in session.connection().execute(query)}

"""How far a response has come, for doors that only look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.responses.tables import Answer, Response, ResponseState


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a response, the answers that stand and when the last of them came."""

    state: ResponseState
    answers: dict[str, int | None]
    updated_at: dt.datetime


# Built once: on the path of every page, making a statement costs more than running it.
SO_FAR = (
    sa.select(Response.state, Response.updated_at, Answer.item_id, Answer.code)
    .outerjoin(Answer, Answer.response_id == Response.id)
    .where(Response.origin == sa.bindparam("origin"))
)
ANSWERS = sa.select(Answer.item_id, Answer.code).where(Answer.response_id == sa.bindparam("response"))


def progress(session: Session, origin_name: str) -> Progress | None:
    """Return the progress of one origin's response, or None before the first answer."""
    rows = session.connection().execute(SO_FAR, {"origin": origin_name}).all()
    if not rows:
        return None
    answers = {row.item_id: row.code for row in rows if row.item_id is not None}
    return Progress(rows[0].state, answers, rows[0].updated_at)


def answers_of(session: Session, response_id: int) -> dict[str, int | None]:
    """Return the answers of a response that stand, by item."""
    rows = session.connection().execute(ANSWERS, {"response": response_id})
    return {row.item_id: row.code for row in rows}

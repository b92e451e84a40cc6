"""Settling: a finished response, or one that expired with an answer, is handed on once and no longer changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.hear.responses.tables import Answer, Response, ResponseState

COLUMNS = (
    Response.id,
    Response.instrument_id,
    Response.instrument_version,
    Response.audience,
    Response.place_id,
    Response.person,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A response on its way into a block."""

    response_id: int
    instrument_id: str
    instrument_version: int
    audience: Audience
    place_id: str
    person: bytes
    settled_at: dt.datetime


def settle(session: Session, until: dt.datetime) -> list[Settled]:
    """Settle what was finished, or had expired with an answer, by `until`; each response comes out once."""
    _expire(session, until)
    return _settle_where(
        session, Response.state == ResponseState.FINISHED, Response.finished_at, until
    ) + _settle_where(session, Response.state == ResponseState.EXPIRED, Response.expires_at, until)


def any_unsettled(session: Session) -> bool:
    """Return whether a finished response waits to be settled; cheap enough to ask twice a second."""
    query = (
        sa.select(sa.literal(1))
        .where(Response.settled_at.is_(None), Response.state == ResponseState.FINISHED)
        .limit(1)
    )
    return session.connection().execute(query).first() is not None


def _expire(session: Session, until: dt.datetime) -> None:
    answered = sa.exists().where(Answer.response_id == Response.id)
    session.connection().execute(
        sa.update(Response)
        .where(Response.state == ResponseState.STARTED, Response.expires_at <= until, answered)
        .values(state=ResponseState.EXPIRED)
    )


def _settle_where(
    session: Session, condition: sa.ColumnElement[bool], moment: Any, until: dt.datetime
) -> list[Settled]:
    statement = (
        sa.update(Response)
        .where(Response.settled_at.is_(None), condition, moment <= until)
        .values(settled_at=moment)
        .returning(*COLUMNS, moment)
    )
    return [Settled(*row) for row in session.connection().execute(statement)]

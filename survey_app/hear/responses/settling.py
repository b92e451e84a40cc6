"""Settling: a response that is finished, or expired with an answer, is handed on once and stays as it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.ask.instruments.model import Audience
from survey_app.database import UtcDateTime
from survey_app.hear.responses.origins import OPEN
from survey_app.hear.responses.tables import Answer, Response, ResponseState

Moment = InstrumentedAttribute[dt.datetime] | InstrumentedAttribute[dt.datetime | None]

COLUMNS = (
    Response.id,
    Response.instrument_id,
    Response.instrument_version,
    Response.audience,
    Response.place_id,
    Response.person,
    Response.origin,
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
    origin: str
    settled_at: dt.datetime

    @property
    def is_open(self) -> bool:
        """Tell whether nobody was invited to it, so that one person may have sent many."""
        return self.origin.startswith(OPEN)


def settle(session: Session, until: dt.datetime) -> list[Settled]:
    """Settle what was finished, or had expired with an answer, by `until`; each response comes out once."""
    _expire(session, until)
    finished = _settle_where(session, ResponseState.FINISHED, Response.finished_at, until)
    return finished + _settle_where(session, ResponseState.EXPIRED, Response.expires_at, until)


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
    session: Session, state: ResponseState, moment: Moment, until: dt.datetime
) -> list[Settled]:
    statement = (
        sa.update(Response)
        .where(Response.settled_at.is_(None), Response.state == state, moment <= until)
        .values(settled_at=moment)
        .returning(*COLUMNS, sa.type_coerce(moment, UtcDateTime()))
    )
    return [Settled(*tuple(row)) for row in session.connection().execute(statement)]

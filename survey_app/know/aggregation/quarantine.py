"""Setting aside answers that cannot be read: one broken row must not stop the counting of everybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import BadAnswer
from survey_app.hear.responses.tables import Answer
from survey_app.know.aggregation.forgetting import forget
from survey_app.know.aggregation.streams import Stream, instrument_of
from survey_app.know.aggregation.tables import Pooled

log = logging.getLogger(__name__)


def set_aside(session: Session, library: Library) -> int:
    """Take responses with an answer that was not written by the intake out of the pool, and log why.

    Parameters
    ----------
    session : Session
        The transaction that counts again.
    library : Library
        Instruments; what belongs to one that is missing goes on waiting for it.

    Returns
    -------
    int
        How many responses. They stay stored as they are, settled and in no block; nothing counts them.
    """
    reasons = dict(_unreadable(session, library))
    for response_id, reason in reasons.items():
        log.error("response %s is set aside, and not counted: %s", response_id, reason)
    forget(session, reasons)
    return len(reasons)


def _unreadable(session: Session, library: Library) -> Iterator[tuple[int, str]]:
    stream = (Pooled.instrument_id, Pooled.instrument_version, Pooled.audience)
    query = sa.select(*stream, Pooled.response_id, Answer.item_id, Answer.code).join(
        Answer, Answer.response_id == Pooled.response_id
    )
    for row in session.connection().execute(query):
        instrument = instrument_of(library, Stream(row[0], row[1], row[2]))
        item = next((one for one in instrument.items if one.id == row.item_id), None) if instrument else None
        try:
            if item is not None:  # counting looks at no other answers
                item.score(row.code)
        except BadAnswer as fault:
            yield row.response_id, str(fault)

"""Setting aside what cannot be counted, so that one broken row does not stop the counting of everybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import BadAnswer
from survey_app.hear.responses.tables import Answer
from survey_app.know.aggregation.forgetting import forget
from survey_app.know.aggregation.tables import Pooled

UNREADABLE = (BadAnswer, UnknownInstrument)
"""What counting raises where a row was not written by the intake, or its instrument is gone."""

log = logging.getLogger(__name__)


def set_aside(session: Session, library: Library) -> int:
    """Take unreadable responses out of the pool, say why in the log, and return how many those were.

    They stay stored as they are, settled and in no block; nothing counts them.
    """
    reasons = dict(_unreadable(session, library))
    for response_id, reason in reasons.items():
        log.error("response %s is set aside, and not counted: %s", response_id, reason)
    forget(session, reasons)
    return len(reasons)


def _unreadable(session: Session, library: Library) -> Iterator[tuple[int, str]]:
    query = sa.select(
        Pooled.response_id, Pooled.instrument_id, Pooled.instrument_version, Answer.item_id, Answer.code
    ).outerjoin(Answer, Answer.response_id == Pooled.response_id)
    for row in session.connection().execute(query):
        try:
            instrument = library.get(row.instrument_id, row.instrument_version)
            known = next((item for item in instrument.items if item.id == row.item_id), None)
            if known is not None:  # counting looks at no other answers
                known.score(row.code)
        except UNREADABLE as fault:
            yield row.response_id, str(fault)

"""The pool: settled responses that wait for a block, stream by stream."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.clock import london_day
from survey_app.hear.responses.settling import Settled
from survey_app.know.aggregation.blocks import Waiter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Pooled


def pool(session: Session, settled: Iterable[Settled]) -> None:
    """Let settled responses wait for a block.

    Parameters
    ----------
    session : Session
        The transaction in which they settled: a response comes out of `settle` once, so it enters once.
    settled : iterable of Settled
        What `responses.settling.settle` handed on; answers that nobody was invited to stay out.
    """
    rows = [
        {column.key: getattr(response, column.key) for column in sa.inspect(Pooled).column_attrs}
        for response in settled
        # Panels are named people, whom no block would hide. Of open answers nobody knows how many people sent
        # them: nine invented beside one real would be a block of ten that hides nobody (docs/adr/0012).
        if response.audience is not Audience.PANEL and not response.is_open
    ]
    if rows:
        session.connection().execute(sa.insert(Pooled), rows)


def pools(session: Session) -> dict[Stream, list[Waiter]]:
    """Return everyone who waits for a block.

    Parameters
    ----------
    session : Session
        The caller's transaction.

    Returns
    -------
    dict of Stream to list of Waiter
        Only streams in which somebody waits, oldest version first.
    """
    query = sa.select(
        Pooled.instrument_id,
        Pooled.instrument_version,
        Pooled.audience,
        Pooled.settled_at,
        Pooled.response_id,
        Pooled.person,
        Pooled.place_id,
    ).order_by(Pooled.instrument_id, Pooled.instrument_version, Pooled.audience)
    found: dict[Stream, list[Waiter]] = {}
    for row in session.connection().execute(query):
        stream = Stream(row.instrument_id, row.instrument_version, row.audience)
        day = london_day(row.settled_at)
        waiter = Waiter(row.settled_at, row.response_id, row.person, row.place_id, day)
        found.setdefault(stream, []).append(waiter)
    return found

"""Forgetting responses: what still waits is gone; closed blocks keep their counts and lose their members."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.aggregation.tables import BlockMember, CountedLater, Pooled, Waiting

BATCH = 500
"""SQLite takes only so many parameters in one statement."""


def forget(session: Session, response_ids: Collection[int]) -> None:
    """Take responses out of every list from which something may still be counted.

    Parameters
    ----------
    session : Session
        The transaction in which their answers go: a block that closes in it must not count them.
    response_ids : collection of int
        Responses of an erased person, or too old to keep.
    """
    for ids in in_batches(sorted(response_ids)):
        for table in (Pooled, Waiting, CountedLater, BlockMember):
            session.connection().execute(sa.delete(table).where(table.response_id.in_(ids)))


def in_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in parts that fit into one statement.

    Parameters
    ----------
    ids : sequence of int
        Any number.

    Yields
    ------
    sequence of int
        At most `BATCH` of them.
    """
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]

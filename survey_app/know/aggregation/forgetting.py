"""Forgetting responses: what still waits is gone; closed blocks keep their counts and lose their members."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.responses.forgetting import in_batches
from survey_app.know.aggregation.tables import BlockMember, CountedLater, Pooled, Waiting


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

"""Fingerprints: how a closed block proves that neither its facts nor its counts have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.aggregation.tables import Block, Cell

CellRow = tuple[str, int, int]
"""Item id, code (SKIPPED for a skip) and number of people."""

FACTS = (
    "instrument_id",
    "instrument_version",
    "audience",
    "unit_id",
    "unit_path",
    "bin_start",
    "bin_end",
    "sequence",
    "n_people",
    "n_carried",
)


def fingerprint(facts: Mapping[str, Any], cells: Iterable[CellRow]) -> str:
    """Return the digest by which a closed block proves that it has not changed.

    Parameters
    ----------
    facts : mapping of str to value
        The block's columns named in `FACTS`; others are left out.
    cells : iterable of (item id, code, n)
        Its counts, in any order.

    Returns
    -------
    str
        SHA-256 in hex.
    """
    text = json.dumps([[str(facts[name]) for name in FACTS], sorted(cells)])
    return hashlib.sha256(text.encode()).hexdigest()


def changed_blocks(session: Session) -> list[int]:
    """Return the ids of closed blocks that no longer match their fingerprint; there must be none.

    Parameters
    ----------
    session : Session
        A reading session.

    Returns
    -------
    list of int
        Empty when every closed block is as it was closed.
    """
    connection = session.connection()
    cells: dict[int, list[CellRow]] = {}
    for block_id, item_id, code, n in connection.execute(
        sa.select(Cell.block_id, Cell.item_id, Cell.code, Cell.n)
    ):
        cells.setdefault(block_id, []).append((item_id, code, n))
    facts = sa.select(Block.id, Block.fingerprint, *(getattr(Block, name) for name in FACTS))
    return [
        row.id
        for row in connection.execute(facts.order_by(Block.id))
        if fingerprint(row._asdict(), cells.get(row.id, ())) != row.fingerprint
    ]

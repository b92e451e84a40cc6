"""Fingerprints: how a closed block proves that neither its facts nor its counts have changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.aggregation.periods import WEEK, quarter_start
from survey_app.know.aggregation.tables import Block, Cell

TURNS = 28
"""Days in which every old block is proved once: a night must not grow with the years."""

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


def changed_blocks(session: Session, *, turn: dt.date | None = None) -> list[int]:
    """Return the ids of closed blocks that no longer match their fingerprint; there must be none.

    Parameters
    ----------
    session : Session
        A reading session.
    turn : date, optional
        Look at the blocks of this date's quarter and the one before, and at those older ones whose turn it
        is: each comes up once in `TURNS` days. Without it, look at all.

    Returns
    -------
    list of int
        Empty when every closed block looked at is as it was closed.
    """
    chosen = sa.true() if turn is None else _turn(turn)
    connection = session.connection()
    cells: dict[int, list[CellRow]] = {}
    rows = sa.select(Cell.block_id, Cell.item_id, Cell.code, Cell.n).join(Block, Block.id == Cell.block_id)
    for block_id, item_id, code, n in connection.execute(rows.where(chosen)):
        cells.setdefault(block_id, []).append((item_id, code, n))
    facts = sa.select(Block.id, Block.fingerprint, *(getattr(Block, name) for name in FACTS))
    return [
        row.id
        for row in connection.execute(facts.where(chosen).order_by(Block.id))
        if fingerprint(row._asdict(), cells.get(row.id, ())) != row.fingerprint
    ]


def _turn(day: dt.date) -> sa.ColumnElement[bool]:
    recent = Block.bin_start >= quarter_start(quarter_start(day) - WEEK)
    return sa.or_(recent, Block.id % TURNS == day.toordinal() % TURNS)

"""What counting has written, to be compared: row by row where ids differ, or to the last byte."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from survey_app.database import Base, Database
from survey_app.know.aggregation.tables import Block
from survey_app.know.disclosure.tables import Release

COUNTED = (
    "response",
    "pooled",
    "block",
    "block_member",
    "cell",
    "counted_later",
    "waiting",
    "counting",
    "told",
    "figure",
    "quarter",
    "quarter_figure",
    "audit_cell",
    "series",
    "quarter_table",
    "job_run",
    "place",
)
TIMES = frozenset({"id", "closed_at", "computed_at", "at", "digest"})
ACCIDENTAL = TIMES | {"release_id", "release"}
"""Ids, opaque tokens, what is made of them and times of counting: two equal runs differ in them."""

OF_BLOCK = ("instrument_id", "instrument_version", "audience", "unit_id", "bin_start", "sequence")


def counted(database: Database, *, accidental: frozenset[str] = ACCIDENTAL) -> dict[str, list[str]]:
    """Return the rows of every table that counting writes, without what is accidental in them."""
    with database.reading() as session:
        connection = session.connection()
        blocks = {
            row.id: [str(getattr(row, name)) for name in OF_BLOCK]
            for row in connection.execute(sa.select(Block))
        }
        releases = _releases_in_order(connection)
        return {
            name: sorted(
                _essence(name, _kept(dict(row._mapping), accidental, releases), blocks)
                for row in connection.execute(sa.select(Base.metadata.tables[name]))
            )
            for name in COUNTED
        }


def _releases_in_order(connection: sa.Connection) -> dict[int | str, int]:
    rows = connection.execute(sa.select(Release.id, Release.token).order_by(Release.id)).all()
    return {name: number for number, row in enumerate(rows) for name in row}


def _kept(row: dict[str, Any], accidental: frozenset[str], releases: dict[int | str, int]) -> dict[str, Any]:
    kept = {column: value for column, value in row.items() if column not in accidental}
    return kept | {name: releases[kept[name]] for name in ("release_id", "release") if name in kept}


def _essence(table: str, row: dict[str, Any], blocks: dict[int, list[str]]) -> str:
    if table == "job_run":
        del row["finished_at"]
    if "block_id" in row:
        row["block_id"] = blocks[row["block_id"]]
    if "left_out" in row:
        row["left_out"] = {
            item: {kind: [blocks[id_] for id_ in ids] for kind, ids in of_item.items()}
            for item, of_item in row["left_out"].items()
        }
    if "document" in row:
        document = json.loads(row["document"])
        row["document"] = document | {"release": ""} if isinstance(document, dict) else document
    return json.dumps(row, sort_keys=True, default=str)


def state_of(database: Database) -> str:
    """Return a digest of what is counted, with the order of releases, that is the same on equal databases."""
    return hashlib.sha256(json.dumps(counted(database, accidental=TIMES)).encode()).hexdigest()


def differences(found: dict[str, list[str]], wanted: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Return, by table, how many rows are there that should not be, and how many lack."""
    both = {name: (set(found[name]), set(wanted[name])) for name in wanted if found[name] != wanted[name]}
    return {name: (len(have - want), len(want - have)) for name, (have, want) in both.items()}


def fingerprint(database: Database) -> str:
    """Return a digest of every byte of every table."""
    digest = hashlib.sha256()
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.connection().execute(sa.select(table))
            digest.update(repr((table.name, sorted(repr(tuple(row)) for row in rows))).encode())
    return digest.hexdigest()

"""Eight processes that write to one SQLite file at once: how long each waits until its row is on disk."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.bare_app import ROWS
from bench.visitors import percentile
from survey_app.database import Database

WRITERS = 8
WARM_UP = 20
TRANSACTIONS = 250


def p99_ms(folder: Path) -> float:
    """Return the 99th percentile of the milliseconds from asking to write until the commit is durable."""
    url = f"sqlite:///{folder / 'writers.db'}"
    database = Database(url)
    with database.writing() as session:
        ROWS.metadata.create_all(session.connection())
    database.dispose()
    context = multiprocessing.get_context("fork")
    ready, took = context.Barrier(WRITERS), context.Queue()
    running = [context.Process(target=_write, args=(url, ready, took)) for _ in range(WRITERS)]
    for process in running:
        process.start()
    all_took = [one for _ in running for one in took.get()]
    for process in running:
        process.join()
    return percentile(all_took, 0.99) * 1000


def _write(url: str, ready: Any, took: Any) -> None:
    database = Database(url)
    for _ in range(WARM_UP):
        _one(database)
    ready.wait()
    took.put([_one(database) for _ in range(TRANSACTIONS)])


def _one(database: Database) -> float:
    began = time.perf_counter()
    with database.writing() as session:
        session.connection().execute(sa.insert(ROWS), {"item": "ex.life", "code": 1})
    return time.perf_counter() - began

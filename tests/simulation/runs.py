"""Worlds one after the other, or in several processes at once, until enough conversations were held."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.database import upgrade
from survey_app.database import Database
from survey_app.hear.conversations.tables import Conversation
from survey_app.settings import load_settings
from tests.fakes import FakeClock
from tests.simulation.invariants import check
from tests.simulation.ledger import Ledger
from tests.simulation.play import Play, make_play
from tests.simulation.story import Came
from tests.simulation.ways import ways_of

MEMORY = Path("/dev/shm")  # noqa: S108 - a database that is thrown away need not wait for the disk


@dataclass
class Outcome:
    """What one world, or many added up, came to."""

    seed: int
    seconds: float = 0
    n_worlds: int = 0
    n_conversations: int = 0
    n_texts_in: int = 0
    n_texts_out: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        for name in ("seconds", "n_worlds", "n_conversations", "n_texts_in", "n_texts_out"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ways.update(other.ways)
        self.faults.update(other.faults)
        self.counts.update(other.counts)
        self.violations += other.violations


@cache
def shared(folder: Path) -> tuple[Runtime, Path]:
    """Load what all worlds share, and migrate the empty database they copy."""
    surroundings = {"SURVEY_ENV": "testing", "SURVEY_PUBLIC_BASE_URL": "http://localhost"}
    runtime = bootstrap(load_settings(surroundings | {"SURVEY_DATA_DIR": str(folder)}))
    upgrade(runtime.database)
    with runtime.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    runtime.database.dispose()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # a world makes much and drops most of it at once
    return runtime, Path(runtime.database.url.database)


def one_world(seed: int, n_phones: int) -> Outcome:
    """Play one world in memory, and judge it."""
    logging.disable(logging.ERROR)
    runtime, empty = shared(
        Path(tempfile.gettempdir()) / f"simulation-{multiprocessing.current_process().pid}"
    )
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        path = Path(shutil.copy(empty, Path(folder) / "world.db"))
        database = Database(f"sqlite:///{path}")
        began = time.process_time()
        play = make_play(replace(runtime, database=database, clock=FakeClock()), seed, n_phones=n_phones)
        play.run()
        outcome = judge(play, seed)
        outcome.seconds = time.process_time() - began
        database.dispose()
    return outcome


def judge(play: Play, seed: int) -> Outcome:
    """Hold every rule against a world that was played."""
    world = play.world
    ledger = Ledger(world)
    findings = check(ledger)
    with world.runtime.database.reading() as session:
        n_conversations = session.scalar(sa.select(sa.func.count(Conversation.id))) or 0
    faults = Counter(play.storms.seen) + play.wire.faults + world.provider.faults
    violations = [
        f"seed {seed}: {found.rule}: {found.what}\n{world.story.told(found.phone) if found.phone else ''}"
        for found in findings.found
    ]
    n_in = len(world.story.of(Came))
    return Outcome(
        seed, 0, 1, n_conversations, n_in, len(world.provider.log), ways_of(ledger), faults, findings.counts,
        violations,
    )  # fmt: skip


def many(n_conversations: int, *, seed: int, workers: int, n_phones: int) -> Iterator[Outcome]:
    """Yield worlds until there were enough conversations."""
    held, ahead = 0, 2 * workers
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting = [pool.submit(one_world, seed + number, n_phones) for number in range(ahead)]
        for number in range(10**6):
            outcome = waiting.pop(0).result()
            held += outcome.n_conversations
            yield outcome
            if held < n_conversations:
                waiting.append(pool.submit(one_world, seed + ahead + number, n_phones))
            waiting = [world for world in waiting if held < n_conversations or not world.cancel()]
            if not waiting:
                return

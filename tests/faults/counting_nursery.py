"""Runs counting jobs in processes of their own that are killed, or put to sleep, at a given statement.

`python -m tests.faults.counting_nursery` reads one order a line, a list of runs, forks one child for each,
and answers with a list of how each ended. It has one thread, so that forking it is safe, and loads
instruments once, so that a child costs milliseconds.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from survey_app.bootstrap import Runtime, bootstrap
from survey_app.clock import Clock, utc_now
from survey_app.database import Database
from survey_app.jobs.counting import catch_up, nightly, top_up
from survey_app.jobs.lease import Fence, LostLease, take
from survey_app.settings import load_settings
from tests.faults.busy_weeks import with_new_version

Run = dict[str, Any]
EACH = 0


class Watch:
    """Counts statements and commits as they are about to happen, and acts before one of them."""

    def __init__(self, engine: sa.Engine, at: int | None, act: Callable[[sa.Connection], object]) -> None:
        self.n, self._at, self._act = 0, at, act
        self._engine = engine

    def __enter__(self) -> Watch:
        for moment in ("before_cursor_execute", "commit"):
            sa.event.listen(self._engine, moment, self._step)
        return self

    def __exit__(self, *_: object) -> None:
        for moment in ("before_cursor_execute", "commit"):
            sa.event.remove(self._engine, moment, self._step)

    def _step(self, connection: sa.Connection, *_: object) -> None:
        self.n += 1
        if self._at in {self.n, EACH}:
            self._act(connection)


def commit_piecemeal(engine: sa.Engine) -> None:
    """Do wrong on purpose: let every statement on SQLite be a transaction of its own."""

    def split(connection: sa.Connection, *_: object) -> None:
        held = connection.connection.dbapi_connection
        if connection.get_execution_options().get("write") and held.in_transaction:
            held.execute("COMMIT")
            held.execute("BEGIN IMMEDIATE")

    sa.event.listen(engine, "before_cursor_execute", split)


def clock_of(run: Run) -> Clock:
    """Return a clock that stands still, or one that hurries from where all runs of an order agree."""
    at = dt.datetime.fromisoformat(run["at"])
    if not run.get("speed"):
        return lambda: at
    began = dt.datetime.fromisoformat(run["began"])
    return lambda: at + (utc_now() - began) * run["speed"]


def race(runtime: Runtime, run: Run) -> int:
    """Be a clock process whose lease is always about to run out; return how often it was too late."""
    n_lost, until = 0, utc_now() + dt.timedelta(seconds=run["seconds"])
    while utc_now() < until:
        fence = take(runtime.database, run["holder"], runtime.clock())
        if fence is None:
            continue
        try:
            catch_up(runtime, fence)
            top_up(runtime, fence)
        except LostLease:
            n_lost += 1
    return n_lost


def perform(runtime: Runtime, run: Run) -> object:
    """Do one run's job."""
    fence = Fence(*run["fence"]) if run.get("fence") else None
    if run["job"] == "race":
        return race(runtime, run)
    if run["job"] == "nightly":
        return nightly(runtime, dt.date.fromisoformat(run["day"]), fence)
    return len(catch_up(runtime, fence)) if run["job"] == "catch_up" else top_up(runtime, fence)


def live(runtime: Runtime, database: Database, run: Run) -> dict[str, Any]:
    """Live a child's whole life, if it is not cut short."""
    if run.get("piecemeal"):
        commit_piecemeal(database.engine)
    sign = signal.SIGSTOP if run.get("sleeps") else signal.SIGKILL
    with Watch(database.engine, run.get("cut_at"), lambda _: os.kill(os.getpid(), sign)) as watch:
        try:
            result = perform(replace(runtime, database=database, clock=clock_of(run)), run)
        except Exception as fault:  # noqa: BLE001 - whatever it was is reported
            return {"ended": type(fault).__name__, "n": watch.n, "said": str(fault)}
    return {"ended": "finished", "n": watch.n, "result": result}


class Nursery:
    """The children of one process, and the pipes on which they tell how they ended."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._pipes: dict[int, int] = {}
        self._databases: dict[str, Database] = {}

    def obey(self, runs: list[Run]) -> list[dict[str, Any]]:
        """Let runs happen at once and return how each ended."""
        for url in {run["url"] for run in runs} - set(self._databases):
            self._databases[url] = Database(url)
        if runs[0].get("at_home"):
            return [self._at_home(runs[0])]
        return [self.await_(child) for child in [self.bear(run) for run in runs]]

    def _at_home(self, run: Run) -> dict[str, Any]:
        # What is compiled here need not be compiled by every child.
        database = self._databases[run["url"]]
        try:
            return live(self._runtime, database, run)
        finally:
            database.dispose()

    def bear(self, run: Run) -> int:
        """Fork a child for a run, or wake the one that sleeps; return its process id."""
        if run.get("wake"):
            os.kill(run["wake"], signal.SIGCONT)
            return int(run["wake"])
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(mouth, json.dumps(live(self._runtime, self._databases[run["url"]], run)).encode())
            os._exit(0)
        os.close(mouth)
        self._pipes[child] = ear
        return child

    def await_(self, child: int) -> dict[str, Any]:
        """Wait until a child ends or sleeps, and return what became of it."""
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return {"ended": "asleep", "child": child}
        ear = self._pipes.pop(child)
        told = os.read(ear, 65536)
        os.close(ear)
        return {"ended": "killed"} if os.WIFSIGNALED(status) else json.loads(told)


def main() -> None:
    nursery = Nursery(with_new_version(bootstrap(load_settings())))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(nursery.obey(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Where counting is stopped: a database that can be put back, and a nursery of processes that die in it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from survey_app.database import Database
from tests.faults.ledgers import counted, differences, fingerprint, state_of

UNTOUCHED = "as if it had not begun"


@dataclass
class Nursery:
    """The process that bears, and the lines that go to and fro."""

    process: subprocess.Popen[str]

    def ask(self, *runs: dict[str, Any]) -> list[dict[str, Any]]:
        """Let runs happen at once and return how each ended."""
        self.tell(*runs)
        return self.hear()

    def tell(self, *runs: dict[str, Any]) -> None:
        """Let runs happen at once while the test goes on."""
        self.process.stdin.write(json.dumps(runs) + "\n")
        self.process.stdin.flush()

    def hear(self) -> list[dict[str, Any]]:
        """Wait until what was told has ended, and return how."""
        return json.loads(self.process.stdout.readline())


@dataclass
class Ground:
    """One database and a saved copy of it."""

    database: Database
    administrator: sa.Engine | None = None

    @property
    def url(self) -> str:
        return self.database.url.render_as_string(hide_password=False)

    def save(self) -> None:
        """Keep what is there now."""
        self.database.dispose()
        self._copy(self._name, self._saved)

    def restore(self) -> None:
        """Put back what was kept."""
        self.database.dispose()
        self._copy(self._saved, self._name)

    def forget(self) -> None:
        """Throw the copy away."""
        if self.administrator is not None:
            self._run(f"DROP DATABASE IF EXISTS {self._saved} WITH (FORCE)")

    @property
    def _name(self) -> str:
        return str(self.database.url.database)

    @property
    def _saved(self) -> str:
        return f"{self._name}_saved"

    def _copy(self, source: str, target: str) -> None:
        if self.administrator is not None:
            self._run(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
            self._run(f"CREATE DATABASE {target} TEMPLATE {source}")
            return
        for beside in ("", "-wal", "-shm"):
            Path(target + beside).unlink(missing_ok=True)
            if Path(source + beside).exists():
                shutil.copy(source + beside, target + beside)

    def _run(self, statement: str) -> None:
        with self.administrator.connect() as connection:
            connection.exec_driver_sql(statement)


@dataclass
class Outcome:
    """What a sweep found: nothing wrong is an empty `wrong_at`."""

    n_statements: int
    n_killed: int = 0
    wrong_in: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the state that a kill left
    wrong_at: dict[int, dict[str, Any]] = field(default_factory=dict)  # by statement


@dataclass
class Sweep:
    """One run, stopped at every statement, and how it is put right."""

    ground: Ground
    nursery: Nursery
    run: dict[str, Any]
    recoveries: dict[str, Callable[[], object]]
    every: int = 1

    def go(self) -> Outcome:
        """Kill the run before each statement and each commit, and put it right each time.

        Counting is a function of the database alone, so a state that was put right once is not put right
        again: most kills leave the database as it was, to the last byte.
        """
        n_statements, wanted = self._uninterrupted()
        self.ground.restore()
        untouched = fingerprint(self.ground.database)
        outcome = Outcome(n_statements)
        for at in range(1, n_statements + 1, self.every):
            self._die(at)
            outcome.n_killed += 1
            changed = fingerprint(self.ground.database) != untouched
            state = state_of(self.ground.database) if changed else UNTOUCHED
            if state not in outcome.wrong_in:
                outcome.wrong_in[state] = self._put_right(at, wanted)
            outcome.wrong_at |= {at: outcome.wrong_in[state]} if outcome.wrong_in[state] else {}
            if changed:
                self.ground.restore()
        return outcome

    def _uninterrupted(self) -> tuple[int, dict[str, Any]]:
        wanted = {}
        for name, recovery in self.recoveries.items():
            self.ground.restore()
            (ended,) = self.nursery.ask(self.run | {"at_home": True})
            assert ended["ended"] == "finished", ended
            recovery()
            wanted[name] = counted(self.ground.database)
        return ended["n"], wanted

    def _die(self, at: int) -> None:
        (ended,) = self.nursery.ask(self.run | {"cut_at": at})
        assert ended == {"ended": "killed"}, ended

    def _put_right(self, at: int, wanted: dict[str, Any]) -> dict[str, Any]:
        wrong = {}
        for name, recovery in self.recoveries.items():
            self.ground.restore()
            self._die(at)
            try:
                recovery()
                recovered = fingerprint(self.ground.database)
                found = differences(counted(self.ground.database), wanted[name])
                recovery()
                again = fingerprint(self.ground.database)
            except Exception as fault:  # noqa: BLE001 - a job that cannot go on is what is looked for
                wrong[name] = repr(fault)
                continue
            if found or recovered != again:
                wrong[name] = found or "the next run changes something"
        self.ground.restore()
        return wrong

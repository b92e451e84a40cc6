"""Servers on loopback: one gunicorn worker each, stopped by their own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

THREADS = 8
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 30


class NotStarted(RuntimeError):
    """A server did not answer in time; its own output says why."""


@dataclass(frozen=True)
class Server:
    """One running server."""

    port: int
    master: int

    def cpu_seconds(self) -> float:
        """Return the processor time its worker has used so far."""
        return sum(_cpu(worker) for worker in children(self.master))


def children(master: int) -> list[int]:
    """Return the process ids of a server's workers."""
    return [int(word) for word in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(module: str, surroundings: dict[str, str]) -> Iterator[Server]:
    """Serve `module:create_app()` from one worker until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--log-level", "warning"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)]
    command += ["--bind", f"127.0.0.1:{port}", f"{module}:create_app()"]
    with subprocess.Popen(command, env=os.environ | surroundings) as process:
        try:
            wait_for(port)
            yield Server(port, process.pid)
        finally:
            process.terminate()


@contextmanager
def processes(commands: list[str], port: int, surroundings: dict[str, str]) -> Iterator[None]:
    """Run commands of the product, as in production each its own process, until the block ends."""
    env = os.environ | surroundings | {"SURVEY_PORT": str(port)}
    # What they log would stand between the lines of the ratios.
    started = [
        subprocess.Popen([sys.executable, "-m", "survey_app", command], env=env, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        wait_for(port)
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def wait_for(port: int) -> None:
    """Return when a server listens."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                probe.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if probe.recv(12):
                    return
        except OSError:
            time.sleep(0.1)
    raise NotStarted(f"nothing answers on 127.0.0.1:{port} after {START_SECONDS} s")

"""Commands that start processes: web, jobs, worker, or all of them together."""

from __future__ import annotations

import gc
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from survey_app.app import create_app
from survey_app.ask.population.key_proofs import remember_keys, wrong_keys
from survey_app.bootstrap import Runtime
from survey_app.cli.database import lacking, pending
from survey_app.cli.set_up import set_up_line
from survey_app.crypto import WrongKey
from survey_app.jobs.lease import is_held
from survey_app.settings import Settings

log = logging.getLogger(__name__)

GRACE_SECONDS = 15


class Unmigrated(RuntimeError):
    """The database lacks migrations that this version needs."""


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, told everything by our settings and nothing by files or flags."""

    def __init__(self, make: Callable[[], Any], settings: Settings) -> None:
        self._make = make
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set threads and workers; the control socket in the home folder stays shut."""
        for name, value in {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.web_workers,
            "threads": self._settings.web_threads,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "accesslog": None,  # addresses hold tokens
            "errorlog": "-",
            "loglevel": "warning",
            "graceful_timeout": GRACE_SECONDS,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - a WSGI application
        """Build the application in each worker, after the fork: connections are not shared."""
        return self._make()


@click.command()
@click.pass_obj
def web(runtime: Callable[[], Runtime]) -> None:
    """Serve respondents and managers."""
    _quiet_logs()
    refuse_unfit(runtime())
    runtime().database.dispose()
    WebServer(lambda: application(runtime()), runtime().settings).run()


def application(runtime: Runtime) -> Any:  # noqa: ANN401 - a WSGI application
    """Return the web application with the checks that only the command line can make."""
    app = create_app(
        runtime,
        checks={
            "migrations": lambda: ", ".join(pending(runtime.database)) or None,
            "jobs": lambda: (
                None
                if is_held(runtime.database, runtime.clock())
                else "no clock process is running: start `python -m survey_app jobs`"
            ),
        },
    )
    # What stands from the start is never garbage; looking through it would hold up every request for long.
    gc.collect()
    gc.freeze()
    return app


@click.command()
@click.pass_obj
def jobs(runtime: Callable[[], Runtime]) -> None:
    """Be the clock: count, release, send. A second one stands by."""
    from survey_app.jobs import clockwork

    _run_until_told(runtime(), clockwork.run)


@click.command()
@click.pass_obj
def worker(runtime: Callable[[], Runtime]) -> None:
    """Draw charts and print documents; any number may run."""
    from survey_app.jobs import worker as drawing

    _run_until_told(runtime(), drawing.run)


@click.command()
@click.pass_obj
def serve(runtime: Callable[[], Runtime]) -> None:
    """Run web, jobs and one worker together until Ctrl-C."""
    refuse_unfit(runtime())
    click.echo(set_up_line(runtime()) or f"open {runtime().settings.public_base_url}")
    sys.exit(run_together(["web", "jobs", "worker"]))


def run_together(commands: list[str]) -> int:
    """Run commands as child processes; when one ends, or Ctrl-C comes, end all."""
    stop = _stop_event()
    children = [subprocess.Popen([sys.executable, "-m", "survey_app", command]) for command in commands]
    while not stop.wait(0.2) and all(child.poll() is None for child in children):
        pass
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stop.is_set() else 1


def refuse_unfit(runtime: Runtime) -> None:
    """Raise, by name, where migrations are missing or the keys belong to another database."""
    missing = pending(runtime.database)
    if missing:
        raise Unmigrated(lacking(missing))
    with runtime.database.writing() as session:
        remember_keys(session, runtime.keys)
        wrong = wrong_keys(session, runtime.keys)
    if wrong:
        raise WrongKey("\n".join(wrong))
    _erase_again(runtime)


def _erase_again(runtime: Runtime) -> None:
    # Before the first message leaves: a restored copy may hold people who asked to be erased since.
    from survey_app.jobs.erasing import apply_ledger

    if n_people := apply_ledger(runtime):
        log.warning("this database is older than the erasure ledger: %s people were erased again", n_people)


def _run_until_told(runtime: Runtime, run: Callable[[Runtime, threading.Event], None]) -> None:
    _quiet_logs()
    refuse_unfit(runtime)
    run(runtime, _stop_event())


def _stop_event() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _quiet_logs() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The Twilio client logs addresses; the scheduler warns whenever a job takes longer than its interval, and
    # WeasyPrint whenever a style sheet says something that is for screens only.
    for name, level in {
        "twilio.http_client": logging.WARNING,
        "alembic": logging.WARNING,
        "apscheduler": logging.ERROR,
        "weasyprint": logging.ERROR,
    }.items():
        logging.getLogger(name).setLevel(level)

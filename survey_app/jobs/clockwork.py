"""The clock process: holds the lease, runs the schedule, and stands by while another holds it."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from survey_app.bootstrap import Runtime
from survey_app.clock import utc_now
from survey_app.jobs.counting import catch_up
from survey_app.jobs.lease import LASTS, Fence, LostLease, give_back, take
from survey_app.jobs.outgoing import dispatcher, round_of_invitations
from survey_app.jobs.schedule import schedule

log = logging.getLogger(__name__)


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Take the lease whenever it is free, and work until it is lost or `stop` is set.

    Whatever goes wrong is logged and tried again: the clock must not end, nor end who runs beside it.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    while not stop.is_set():
        try:
            fence = take(runtime.database, holder, runtime.clock())
            if fence is not None:
                _work(runtime, fence, stop)
        except Exception:
            log.exception("the clock stopped; it tries again")
        stop.wait(LASTS.total_seconds() / 3)


def _work(runtime: Runtime, fence: Fence, stop: threading.Event) -> None:
    lost = threading.Event()
    _guarded("catch-up", lambda: catch_up(runtime, fence), lost)()
    _guarded("invitations", lambda: round_of_invitations(runtime, fence), lost)()
    scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(4)})
    sender = dispatcher(runtime)
    for job in schedule(runtime, sender):
        scheduler.add_job(
            _guarded(job.name, partial(job.run, fence), lost),
            job.trigger,
            id=job.name,
            **({"next_run_time": utc_now()} if job.at_start else {}),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        while not stop.wait(LASTS.total_seconds() / 3) and not lost.is_set():
            if take(runtime.database, fence.holder, runtime.clock()) != fence:
                break
    finally:
        scheduler.shutdown(wait=True)
    if stop.is_set():
        give_back(runtime.database, fence, runtime.clock())


def _guarded(name: str, job: Callable[[], object], lost: threading.Event) -> Callable[[], None]:
    def run_once() -> None:
        try:
            job()
        except LostLease:
            lost.set()
        except Exception:
            log.exception("job %s failed; it runs again at its next time", name)

    return run_once

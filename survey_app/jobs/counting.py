"""From settled responses to stored series: live after each answer, and every night for each business date."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.staff import follow_move
from survey_app.ask.instruments.model import BadAnswer
from survey_app.ask.population.parents import follow_plans
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at, london_day
from survey_app.database import insert_or_ignore
from survey_app.hear.responses.settling import any_unsettled, settle
from survey_app.hear.responses.tables import Response
from survey_app.jobs.erasing import keep_only
from survey_app.jobs.lease import Fence, queue_up
from survey_app.jobs.tables import JobRun
from survey_app.know.aggregation.closing import close_blocks, counting_day
from survey_app.know.aggregation.fingerprints import changed_blocks
from survey_app.know.aggregation.pooling import pool
from survey_app.know.aggregation.quarantine import set_aside
from survey_app.know.disclosure.quarters import judge_quarters, publish_quarters
from survey_app.know.disclosure.releases import release
from survey_app.know.evidence.compute import stale_series
from survey_app.know.evidence.keeping import save
from survey_app.know.evidence.panels.computing import save_panels, stale_panels
from survey_app.know.evidence.places.refreshing import refresh_findings, save_findings
from survey_app.know.evidence.quarters import refresh_quarters, save_quarters
from survey_app.know.evidence.records import stale_records
from survey_app.show.charts.documents import store as documents

__all__ = [
    "NIGHTLY",
    "ChangedBlocks",
    "TooEarly",
    "catch_up",
    "changed_blocks",
    "nightly",
    "refresh",
    "top_up",
]

NIGHTLY = "nightly"


class TooEarly(ValueError):
    """A business date that has not begun: its nightly run would end bins that people still answer in."""


class ChangedBlocks(RuntimeError):
    """Closed blocks no longer match their fingerprints: somebody must look before anything is released."""


def top_up(runtime: Runtime, fence: Fence | None = None) -> int:
    """Count what finished since the last look; return how many blocks closed."""
    with runtime.database.reading() as session:
        if not any_unsettled(session):
            return 0
    n_closed = _count(runtime, until=runtime.clock(), fence=fence)
    if n_closed:
        refresh(runtime, fence)
    return n_closed


def nightly(runtime: Runtime, day: dt.date, fence: Fence | None = None) -> int:
    """Run one business date: prove, settle, end the bins before it, release; return how many closed."""
    today = london_day(runtime.clock())
    if day > today:
        raise TooEarly(f"expected a date up to today, {today}, found {day}")
    _prove(runtime, day)
    n_closed = _night(runtime, day, fence)
    refresh(runtime, fence)
    _close_the_books(runtime, day, fence)
    return n_closed


def catch_up(runtime: Runtime, fence: Fence | None = None) -> list[dt.date]:
    """Run every business date up to today that has not been run, oldest first."""
    today = london_day(runtime.clock())
    days = _missed(runtime, today)
    if days:
        _prove(runtime, today if len(days) == 1 else None)
    for day in days:
        _night(runtime, day, fence)
    refresh(runtime, fence)  # even without a day: a process may have stopped between counting and this
    _close_the_books(runtime, today, fence)
    return days


def _prove(runtime: Runtime, day: dt.date | None) -> None:
    # After missed nights all old blocks have their turn: some would have had it in one of those.
    with runtime.database.reading() as session:
        broken = changed_blocks(session, turn=day)
    if broken:
        raise ChangedBlocks(f"blocks {broken[:10]} have changed since they closed")


def _night(runtime: Runtime, day: dt.date, fence: Fence | None) -> int:
    until = min(runtime.clock(), day_starts_at(day + dt.timedelta(days=1)))
    return _count(runtime, until=until, fence=fence, day=day)


def _missed(runtime: Runtime, today: dt.date) -> list[dt.date]:
    with runtime.database.reading() as session:
        last = session.scalar(sa.select(sa.func.max(JobRun.business_date)).where(JobRun.job == NIGHTLY))
        first_answer = session.scalar(sa.select(sa.func.min(Response.started_at)))
    first = london_day(first_answer) if first_answer else today
    start = last + dt.timedelta(days=1) if last else first
    return [start + dt.timedelta(days=n) for n in range((today - start).days + 1)]


def _count(runtime: Runtime, *, until: dt.datetime, fence: Fence | None, day: dt.date | None = None) -> int:
    """Count; where a broken row stops it, once more without such rows: the search for them takes time."""
    try:
        return _count_once(runtime, until=until, fence=fence, day=day)
    except BadAnswer:
        return _count_once(runtime, until=until, fence=fence, day=day, sift=True)


def _count_once(
    runtime: Runtime, *, until: dt.datetime, fence: Fence | None, day: dt.date | None, sift: bool = False
) -> int:
    """Settle, close and release in one transaction: after a crash, all of it happened or none."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        queue_up(session, fence)
        pool(session, settle(session, until))
        if sift:
            set_aside(session, runtime.library)
        closed = close_blocks(session, runtime.library, now=now, ended_before=day)
        release(session, runtime.library, closed, now=now, ended_before=day)
        if day is not None:
            _move_places(session, day)
            run = {"job": NIGHTLY, "business_date": day, "finished_at": now}
            insert_or_ignore(session, JobRun, [run])
    return len(closed)


def _move_places(session: Session, day: dt.date) -> None:
    # After the old quarter's bins have ended; roles stay with the places they were given at.
    for before, after in follow_plans(session, max(day, counting_day(session) or day)):
        follow_move(session, before, after)


def _close_the_books(runtime: Runtime, day: dt.date, fence: Fence | None) -> None:
    """Make the figures of quarters that are over; let go of raw answers and documents that are too old."""
    with runtime.database.reading() as session:
        judged = judge_quarters(session, runtime.library, runtime.breakdown.ids, day=day)
    with runtime.database.writing() as session:
        queue_up(session, fence)
        publish_quarters(session, judged, now=runtime.clock())
        keep_only(session, runtime, day)
        documents.let_go(session, before=runtime.clock() - documents.KEPT)
    _refresh_quarters(runtime, fence)
    _refresh_findings(runtime, fence)


def refresh(runtime: Runtime, fence: Fence | None = None) -> None:
    """Compute stale series, outside the transaction that stores: answers need not wait for arithmetic."""
    while True:
        with runtime.database.reading() as session:
            stale = stale_series(session, runtime.library, runtime.measures)
            stale += stale_records(session, runtime.records)
        if not stale:
            break
        with runtime.database.writing() as session:
            queue_up(session, fence)
            save(session, stale, now=runtime.clock())
    _refresh_panels(runtime, fence)


def _refresh_panels(runtime: Runtime, fence: Fence | None) -> None:
    with runtime.database.reading() as session:
        results = stale_panels(session, runtime.library)
    if results:
        with runtime.database.writing() as session:
            queue_up(session, fence)
            save_panels(session, results)


def _refresh_quarters(runtime: Runtime, fence: Fence | None) -> None:
    with runtime.database.reading() as session:
        rows = refresh_quarters(session, runtime.library, runtime.measures)
    if rows:
        with runtime.database.writing() as session:
            queue_up(session, fence)
            save_quarters(session, rows)


def _refresh_findings(runtime: Runtime, fence: Fence | None) -> None:
    with runtime.database.reading() as session:
        rows = refresh_findings(session, runtime.library, runtime.measures, runtime.breakdown)
    if rows:
        with runtime.database.writing() as session:
            queue_up(session, fence)
            save_findings(session, rows)

"""Reports of teams whose wave has closed, and rounds that are over: worked out beside what writes."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.clock import london_day
from survey_app.jobs.lease import Fence, queue_up
from survey_app.know.evidence.climate.making import build, keep
from survey_app.know.evidence.climate.reading import unreported
from survey_app.know.evidence.climate.rounds import ended_rounds, keep_round


def report_teams(runtime: Runtime, fence: Fence | None = None) -> int:
    """Make what is missing; return how many reports and rounds. Twice changes nothing."""
    n_made = 0
    with runtime.database.reading() as session:
        waiting = unreported(session)
    for wave_id in waiting:  # one after the other: each looks for the report of the wave before it
        with runtime.database.reading() as session:
            report = build(session, runtime.library, wave_id)
        if report is not None:
            with runtime.database.writing() as session:
                queue_up(session, fence)
                n_made += keep(session, report, now=runtime.clock())
    with runtime.database.reading() as session:
        ended = ended_rounds(session, runtime.library, london_day(runtime.clock()))
    for one in ended:
        with runtime.database.writing() as session:
            queue_up(session, fence)
            n_made += keep_round(session, one, now=runtime.clock())
    return n_made

"""Alerts nobody has taken on in time: more people are told, again and again."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.hear.safeguarding.telling import Teller, any_due, escalate
from survey_app.jobs.lease import Fence


def escalate_alerts(runtime: Runtime, fence: Fence | None = None) -> int:
    """Write again about alerts that are due; return how many. Twice changes nothing."""
    now = runtime.clock()
    with runtime.database.reading() as session:
        if not any_due(session, now):
            return 0
    with runtime.database.writing() as session:
        if fence is not None:
            fence.check(session)
        return escalate(Teller(session, runtime.keys, runtime.settings, now))

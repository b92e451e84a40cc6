"""Alerts that nobody has taken on reach a second address."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.hear.safeguarding.escalation import escalate, is_waiting
from survey_app.jobs.lease import Fence


def escalate_alerts(runtime: Runtime, fence: Fence | None = None) -> int:
    """Escalate what has waited too long; return how many alerts. Twice changes nothing."""
    now = runtime.clock()
    with runtime.database.reading() as session:
        if not is_waiting(session, now):
            return 0
    with runtime.database.writing() as session:
        if fence is not None:
            fence.check(session)
        return escalate(session, now, keys=runtime.keys, settings=runtime.settings)

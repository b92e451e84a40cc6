"""Conversations that are due: a question after "not now", a nudge after a day of silence, an end."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.hear.conversations.timers import is_due
from survey_app.hear.conversations.turn import Conversing
from survey_app.hear.conversations.waking import wake
from survey_app.jobs.lease import Fence


def wake_conversations(runtime: Runtime, fence: Fence | None = None) -> int:
    """Give timers that have run out their effect; return how many. Twice changes nothing."""
    now = runtime.clock()
    with runtime.database.reading() as session:
        if not is_due(session, now):
            return 0
    needs = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
    with runtime.database.writing() as session:
        if fence is not None:
            fence.check(session)
        return wake(session, needs, now)

"""Verdicts on actions, computed beside the counting: no answer waits for them."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.jobs.lease import Fence
from survey_app.know.evidence.verdicts import stale_verdicts
from survey_app.know.improvement.actions.judging import keep


def judge_actions(runtime: Runtime, fence: Fence | None = None) -> int:
    """Judge the actions whose chart or start has changed; return how many. Twice changes nothing."""
    with runtime.database.reading() as session:
        judged = stale_verdicts(session)
    if judged:
        with runtime.database.writing() as session:
            if fence is not None:
                fence.check(session)
            keep(session, judged, now=runtime.clock())
    return len(judged)

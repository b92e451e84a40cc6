"""A target, rebase or mark that somebody changes reaches its charts within seconds."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.jobs.counting import refresh
from survey_app.jobs.lease import Fence
from survey_app.know.improvement.changes import newest_change


class SteeringWatch:
    """Looks for the newest change; only another one than last time costs a look at all series."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._seen: int | None = None

    def run(self, fence: Fence | None = None) -> bool:
        """Compute what has changed; return whether there was anything to look at."""
        with self._runtime.database.reading() as session:
            newest = newest_change(session)
        if newest == self._seen:
            return False
        refresh(self._runtime, fence)
        self._seen = newest  # only now: a look that failed is taken again
        return True

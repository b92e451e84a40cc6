"""Sources of wrong tries are forgotten once no door counts them any more."""

from __future__ import annotations

from survey_app.accounts.tries.tries import forget_tries
from survey_app.bootstrap import Runtime


def drop_old_tries(runtime: Runtime) -> None:
    """Delete what is over an hour old."""
    with runtime.database.writing() as session:
        forget_tries(session, now=runtime.clock())

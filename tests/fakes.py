"""Stand-ins that several tests share; each behaves like the real thing, only under the test's hand."""

from __future__ import annotations

import datetime as dt

MONDAY_MORNING = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: dt.datetime = MONDAY_MORNING) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at

    def advance(self, **length: float) -> dt.datetime:
        """Move on, for example `clock.advance(minutes=3)`, and return the new instant."""
        self.at += dt.timedelta(**length)
        return self.at

    def set(self, at: dt.datetime) -> None:
        """Move to an aware instant."""
        self.at = at.astimezone(dt.UTC)

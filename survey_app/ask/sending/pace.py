"""Pace: a sender may hand over so many texts a second; what comes faster waits or is refused."""

from __future__ import annotations

import datetime as dt

from survey_app.ask.sending.leases import BATCH

SECOND = dt.timedelta(seconds=1)


class Pace:
    """Counts the texts handed over in the current second; None: as fast as they go."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._began: dt.datetime | None = None
        self._n = 0

    def free(self, now: dt.datetime) -> int:
        """Return how many more may leave now."""
        if self._most is None:
            return BATCH
        self._turn(now)
        return max(0, self._most - self._n)

    def took(self, now: dt.datetime) -> None:
        """Count one text handed over."""
        self._turn(now)
        self._n += 1

    def _turn(self, now: dt.datetime) -> None:
        if self._began is None or not self._began <= now < self._began + SECOND:
            self._began, self._n = now, 0

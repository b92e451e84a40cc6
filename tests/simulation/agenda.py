"""What happens when: events in the order of their instants, run by hand, the clock following."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from itertools import count

from tests.fakes import FakeClock


class Agenda:
    """Events that wait; one whose instant is past runs late, as things do."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._waiting: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self._numbers = count()

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        self.at(self._clock() + dt.timedelta(seconds=seconds), what)

    def at(self, instant: dt.datetime, what: Callable[[], None]) -> None:
        heapq.heappush(self._waiting, (instant, next(self._numbers), what))

    def run_until(self, end: dt.datetime) -> None:
        """Run everything due up to an instant, and leave the clock there."""
        while self._waiting and self._waiting[0][0] <= end:
            instant, _, what = heapq.heappop(self._waiting)
            self._clock.set(max(instant, self._clock()))
            what()
        self._clock.set(max(end, self._clock()))

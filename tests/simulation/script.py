"""Weather by hand: a queue of fates for the next letters; what nobody asked for is a calm day."""

from __future__ import annotations

from collections import deque

from tests.simulation.provider import Carriage
from tests.simulation.story import Fate

CALM = Carriage((1,), ((0.5, "sent", ""), (1.5, "delivered", "")))
NO_WORD = Carriage((1,), ())
TOO_EARLY = Carriage((1,), ((-1, "delivered", ""), (-1, "sent", "")))
DEAD_NUMBER = Carriage((), ((20, "undelivered", "30005"),))
REVERSED = Carriage((1,), ((0.5, "delivered", ""), (1.5, "sent", "")))
NOT_REACHED = Carriage((), ((20, "undelivered", "30003"),))
LOST = Carriage((), ())


class Script:
    """Fates and journeys of the next letters, in order."""

    def __init__(self, *, picks_up: str = "human") -> None:
        self.fates: deque[Fate] = deque()
        self.journeys: deque[Carriage] = deque()
        self.picks_up = picks_up
        self.code = "20404"
        self.force = 0.0

    def fate(self) -> Fate:
        return self.fates.popleft() if self.fates else Fate.ACCEPTED

    def refusal(self) -> str:
        return self.code

    def carriage(self, _valid_seconds: int | None) -> Carriage:
        return self.journeys.popleft() if self.journeys else CALM

    def pick_up(self) -> str:
        return self.picks_up

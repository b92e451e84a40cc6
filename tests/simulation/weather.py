"""The weather: how often which fault, from calm days to storms; after a while it clears up."""

from __future__ import annotations

from random import Random

from tests.simulation.provider import Carriage
from tests.simulation.story import Fate

OFTEN = {
    Fate.NOT_WRITTEN: 0.02,
    Fate.TOO_MANY: 0.02,
    Fate.REFUSED: 0.012,
    Fate.ACCOUNT: 0.001,
    Fate.BREAKS_BEFORE: 0.01,
    Fate.BREAKS_AFTER: 0.015,
    Fate.HANGS_AFTER: 0.015,
    Fate.UNLISTED: 0.004,
    Fate.KILLED_BEFORE: 0.006,
    Fate.KILLED_AFTER: 0.006,
}
CODES = ("21610", "21614", "30003", "30005", "30006", "30007", "30008", "21211", "20404", "30001", "99999")
LOST_WITH = ("30003", "30005", "30006", "30007", "30008", "")
FINAL = ("delivered", "")
PICK_UP = {"human": 60, "machine_start": 12, "fax": 1, "unknown": 3, "no-answer": 12, "busy": 8, "failed": 4}


class Storms:
    """Weather by chance; `force` 0 is a calm day."""

    def __init__(self, rng: Random, force: float) -> None:
        self._rng = rng
        self.force = force
        self.seen: dict[str, int] = {}

    def fate(self) -> Fate:
        throw = self._rng.random()
        for fate, share in OFTEN.items():
            throw -= share * self.force
            if throw < 0:
                return fate
        return Fate.ACCEPTED

    def refusal(self) -> str:
        return self._rng.choice(CODES)

    def carriage(self, valid_seconds: int | None) -> Carriage:
        delays = [self._rng.uniform(0.3, 8)]
        end = FINAL
        if self._happens("late delivery", 0.04):
            delays = [self._rng.expovariate(1 / 7200)]
        if self._happens("delivered twice", 0.02):
            delays.append(delays[0] + self._rng.uniform(0, 60))
        if self._happens("lost by the carrier", 0.03):
            delays, end = [], ("undelivered", self._rng.choice(LOST_WITH))
        in_time = tuple(d for d in delays if valid_seconds is None or d <= valid_seconds)
        if delays and not in_time:
            end = ("undelivered", "30036")
        return Carriage(in_time, self._receipts(delays[0] if delays else 20, end))

    def pick_up(self) -> str:
        return self._rng.choices([*PICK_UP], [*PICK_UP.values()])[0]

    def tells(self, status: str) -> tuple[float, ...]:
        """Return when our door is told of a call's state: mostly at once, else late, twice or never."""
        del status
        if self._happens("word of a call lost", 0.03):
            return ()
        delay = self._rng.uniform(0.3, 2)
        if self._happens("word of a call late", 0.04):
            delay = self._rng.expovariate(1 / 900)
        if self._happens("word of a call twice", 0.06):
            return (delay, delay + self._rng.choice([0, 5, 3600]))
        return (delay,)

    def _receipts(self, delay: float, end: tuple[str, str]) -> tuple[tuple[float, str, str], ...]:
        if self._happens("receipts lost", 0.05):
            return ()
        receipts = [(0.5, "sent", ""), (delay + 0.5, *end)]
        if self._rng.random() < 0.2:
            receipts.insert(0, (0.2, "queued", ""))
        if self._happens("receipts reversed", 0.08):
            times = sorted((row[0] for row in receipts), reverse=True)
            receipts = [(when, *row[1:]) for when, row in zip(times, receipts, strict=True)]
        if self._happens("receipts before the reply", 0.05):
            receipts = [(-1, *row[1:]) for row in receipts]
        if self._happens("receipts twice", 0.08):
            receipts += [(row[0] + 30, *row[1:]) for row in receipts]
        return tuple(receipts)

    def _happens(self, what: str, share: float) -> bool:
        happens = self._rng.random() < share * self.force
        if happens:
            self.seen[what] = self.seen.get(what, 0) + 1
        return happens

"""The way of a text from a phone to our door: at once, twice, late, found later in the list, or never."""

from __future__ import annotations

from collections import Counter
from itertools import count
from random import Random

from tests.simulation.words import Writing
from tests.simulation.world import World

MINUTE, HOUR = 60, 3600


class Wire:
    """Carries texts to us as badly as the weather has it."""

    def __init__(self, world: World, rng: Random, force: float) -> None:
        self.world, self.rng, self.force = world, rng, force
        self.faults: Counter[str] = Counter()
        self._numbers = count(1)

    def send(self, writing: Writing, seconds: float) -> None:
        self.world.agenda.after(seconds, lambda: self._written(writing))

    def _written(self, writing: Writing) -> None:
        self.world.written(writing)
        provider_id = f"IN{next(self._numbers):032}"
        for delay in self._delays():
            self.world.agenda.after(delay, lambda: self.world.text(writing, provider_id))

    def _delays(self) -> list[float]:
        delay = self.rng.uniform(0.1, 1.5)
        if self._happens("text lost", 0.01):
            return []
        if self._happens("text polled later", 0.02):
            return [self.rng.uniform(10 * MINUTE, 15 * MINUTE)]
        if self._happens("text late", 0.02):
            delay = self.rng.expovariate(1 / HOUR)
        if self._happens("text delivered again", 0.06):
            return [delay, delay + self.rng.choice([0, 0.3, 15, 3600, 100_000])]
        return [delay]

    def _happens(self, what: str, share: float) -> bool:
        happens = self.rng.random() < share * self.force
        self.faults[what] += happens
        return happens

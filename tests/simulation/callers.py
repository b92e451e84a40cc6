"""People at the telephone: they press, speak, keep silent or hang up, knowing only what they heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.simulation.people import Person
from tests.simulation.switchboard import MACHINE, Call, Uttered
from tests.simulation.words import SAID, Meaning, Writing
from tests.simulation.world import World

M = Meaning
SUDDEN = (
    (M.EMPTY, 25), (M.NONSENSE, 20), (M.REPEAT, 20), (M.STOP, 8), (M.DISTRESS, 8),
    (M.DECLINE, 6), (M.BACK, 4),
)  # fmt: skip
KEYS = {M.REPEAT: "*", M.STOP: "9", M.NONSENSE: "7", M.EMPTY: ""}
SPOKEN = {M.STOP: "please stop calling me", M.REPEAT: "say that again please"}


@dataclass
class Callers:
    """Decides for whoever holds a telephone."""

    world: World
    rng: Random
    labels: Mapping[str, Mapping[int, str]]
    people: Mapping[str, Person]

    def listen(self) -> None:
        self.world.switchboard.answered = self._hear
        self.world.switchboard.rang = self._missed

    def _missed(self, phone: str) -> None:
        if self.rng.random() < 0.15:
            self.world.agenda.after(self.rng.uniform(60, 20_000), lambda: self.world.switchboard.dial(phone))

    def _hear(self, call: Call) -> None:
        if call.by == MACHINE or not call.action:
            return
        seconds, throw = self.rng.uniform(4, 25), self.rng.random()
        if throw < 0.05:
            self.world.agenda.after(seconds, lambda: self._breaks_off(call))
            return
        uttered = self._sudden() if throw < 0.13 else self._to_the_point(call)
        self.world.agenda.after(seconds, lambda: self._utter(call, uttered))

    def _utter(self, call: Call, uttered: Uttered) -> None:
        switchboard, force = self.world.switchboard, self.world.provider.weather.force
        switchboard.step(call, uttered)
        if self.rng.random() < 0.05 * force:
            self.world.agenda.after(self.rng.choice([0, 1, 30]), lambda: switchboard.again(call, uttered))
        if self.rng.random() < 0.02 * force:
            other = Uttered(M.ANSWER, 2, keys=self.rng.choice("1239"))
            switchboard.again(call, other, back=self.rng.choice([1, 2, 3]))

    def _breaks_off(self, call: Call) -> None:
        if not call.action:
            return None
        self.world.switchboard.hang_up(call)
        throw, person = self.rng.random(), self.people.get(call.phone)
        if person is None or throw > 0.6:
            return None
        if throw < 0.25 and person.link:
            return person.on_web(call.phone, person.link, self.rng.randint(1, 6))
        words = Writing(call.phone, M.ANSWER, 1, "1", person.channel)
        return person.send(words, self.rng.uniform(5, 4000))

    def _to_the_point(self, call: Call) -> Uttered:
        asked = max((spoken for spoken in self.labels if spoken in call.heard), key=len, default="")
        if not asked:
            return Uttered(M.START, keys="1") if self.rng.random() < 0.9 else Uttered(M.START, words="yes")
        value = self.rng.choice(list(self.labels[asked]))
        if self.rng.random() < 0.85:
            return Uttered(M.ANSWER, value, keys=str(value))
        sure = self.rng.choice([0.9, 0.9, 0.7, 0.4])
        if self.rng.random() < 0.5:
            return Uttered(M.ANSWER, value, words=str(value), confidence=sure)
        return Uttered(M.LABEL, value, words=self.labels[asked][value], confidence=sure)

    def _sudden(self) -> Uttered:
        meanings, weights = zip(*SUDDEN, strict=True)
        meaning = self.rng.choices(meanings, weights)[0]
        if meaning in KEYS and self.rng.random() < 0.7:
            return Uttered(meaning, keys=KEYS[meaning])
        words = SPOKEN.get(meaning) or self.rng.choice(SAID[meaning])
        sure = self.rng.choice([0.9, 0.9, 0.3])
        return Uttered(meaning, words=words, confidence=sure) if words.strip() else Uttered(M.EMPTY)

"""People on WhatsApp: most tap, some type, and some tap under a question of days ago."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.hear.responses.tables import Channel
from tests.simulation.people import Person
from tests.simulation.words import Meaning


@dataclass
class OnWhatsApp(Person):
    """Whoever is asked, and mostly answers, by WhatsApp."""

    channel: Channel = Channel.WHATSAPP

    def _answer(self, seconds: float) -> None:
        throw = self.rng.random()
        if not self.buttons or throw < 0.2:
            return super()._answer(seconds)
        if throw < 0.26 and self.message:
            value = self.rng.choice(list(self.labels.get(self.asked) or {1: "Yes"}))
            return self._send(Meaning.ANSWER, value, str(value), seconds, replied_to=self.message)
        stale = throw > 0.93
        shown = self.rng.choice(self.buttons) if stale else self.buttons[-1]
        payload = self.rng.choice(list(shown))
        value = int(payload.rpartition(":")[2])
        return self._send(Meaning.TAP, value, shown[payload], seconds, payload=payload)

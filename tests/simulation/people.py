"""People with phones: they act on what their phone showed them, and on nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType

from survey_app.hear.responses.tables import Channel
from tests.simulation.words import Meaning, Writing, words_for

LINK = re.compile(r"/s/([0-9A-Za-z]+)")
MINUTE, HOUR, DAY = 60, 3600, 86_400
M = Meaning
SUDDEN = (
    (M.STOP, 12), (M.STOP_WORD, 8), (M.DISTRESS, 8), (M.DISTRESS_STOP, 4), (M.WRONG, 4), (M.HELP, 8),
    (M.LANGUAGE, 5), (M.CONTACT, 3), (M.PHOTO, 6), (M.EMPTY, 4), (M.NONSENSE, 12), (M.BACK, 10),
    (M.REPEAT, 8), (M.SKIP, 10), (M.UNSURE, 6), (M.CORRECTION, 12), (M.DECLINE, 6), (M.MACHINE, 5),
    (M.START_AGAIN, 3), (M.START, 4),
)  # fmt: skip
ONWARD = re.compile("^(?:Thank you|Sorry about|No problem|This number|This line)")

Send = Callable[[Writing, float], None]
"""What puts a text on its way, so many seconds from now."""


@dataclass
class Person:
    """Whoever holds a phone."""

    phone: str
    rng: Random
    send: Send
    on_web: Callable[[str, str, int], None]
    stop_on_web: Callable[[str, str], None]
    labels: Mapping[str, Mapping[int, str]]
    temper: str = "plain"
    dial: Callable[[str, float], None] = lambda _phone, _seconds: None
    channel: Channel = Channel.SMS
    link: str = ""
    asked: str = ""
    message: str = ""  # the provider's id of the last question
    buttons: list[dict[str, str]] = field(
        default_factory=list
    )  # of each question: what a tap sends, its title

    def hear(self, body: str, message: str = "", buttons: Mapping[str, str] = MappingProxyType({})) -> None:
        """Take in one text from us, and perhaps do something."""
        found = LINK.search(body)
        self.link = found[1] if found else self.link
        # Words in a template stand in the midst of others.
        asked = max((sms for sms in self.labels if sms in body), key=len, default=None)
        self.buttons += [dict(buttons)] if buttons else []
        if self.temper == "machine":
            return self._say(M.MACHINE, None, self.rng.uniform(1, 5))
        if asked is not None:
            self.asked, self.message = asked, message
            return self._at_question()
        if "Reply 1 to" in body:
            return self._at_invitation()
        return self._at_remark(body)

    def _at_invitation(self) -> None:
        throw = self.rng.random()
        if throw < 0.18:
            return None
        if throw < 0.28:
            return self._anything(self._patience())
        if throw < 0.34 and self.link:
            return self.on_web(self.phone, self.link, self.rng.randint(1, 8))
        if throw < 0.36 and self.link:
            return self.stop_on_web(self.phone, self.link)
        if throw < 0.5:
            return self._say(M.START, None, self._patience())
        return self._say(M.ANSWER, 1, self._patience())

    def _at_question(self) -> None:
        throw = self.rng.random()
        patience = self._patience()
        if throw < (0.02 if self.temper == "plain" else 0.3):
            return self._anything(patience)
        if throw > 0.985:
            return None
        if throw > 0.965 and self.link:
            return self.on_web(self.phone, self.link, self.rng.randint(1, 3))
        if throw > 0.945:
            return self.dial(self.phone, patience)
        self._answer(patience)
        if self.temper == "hasty" and self.rng.random() < 0.4:
            self._answer(patience + self.rng.choice([0.2, 1, 2, 5, 20]))
        return None

    def _at_remark(self, body: str) -> None:
        throw = self.rng.random()
        if ONWARD.match(body):
            if throw < 0.06:
                self._anything(self._patience())
        elif throw < 0.75:
            self._answer(self._patience())
        elif throw < 0.9:
            self._anything(self._patience())

    def _answer(self, seconds: float) -> None:
        labels = self.labels.get(self.asked) or {1: "Yes"}
        value = self.rng.choice(list(labels))
        if self.rng.random() < 0.06:
            return self._send(Meaning.LABEL, None, labels[value], seconds)
        if self.rng.random() < 0.01:
            value = 9
        return self._say(M.ANSWER, value, seconds)

    def _anything(self, seconds: float) -> None:
        meanings, weights = zip(*SUDDEN, strict=True)
        meaning = self.rng.choices(meanings, weights)[0]
        value = self.rng.choice([1, 2, 3])
        for repeat in range(self.rng.choice([1, 1, 1, 3]) if meaning is M.NONSENSE else 1):
            self._say(meaning, value if meaning is M.CORRECTION else None, seconds + 40 * repeat)

    def _say(self, meaning: Meaning, value: int | None, seconds: float) -> None:
        self._send(meaning, value, words_for(meaning, value, self.rng), seconds)

    def _send(self, meaning: Meaning, value: int | None, body: str, seconds: float, **tapped: str) -> None:
        channel = self.channel
        if not tapped and self.rng.random() < 0.03:  # on the wrong way
            channel = Channel.SMS if channel is Channel.WHATSAPP else Channel.WHATSAPP
        self.send(Writing(self.phone, meaning, value, body, channel, **tapped), seconds)

    def _patience(self) -> float:
        throw = self.rng.random()
        if throw < 0.85:
            return self.rng.uniform(4, 5 * MINUTE)
        return self.rng.uniform(0, 10 * HOUR) if throw < 0.96 else self.rng.uniform(0, 10 * DAY)

"""A provider that accepts, refuses, breaks off, loses, repeats and reorders, as its weather says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Unsure
from survey_app.ask.sending.gateways.refusals import Refusals, verdict_on
from survey_app.ask.sending.receipts import Said
from tests.fakes import FakeClock
from tests.simulation.agenda import Agenda
from tests.simulation.story import TAKEN, Fate, Handed, Story

MATCH_BEFORE = dt.timedelta(seconds=10)
MATCH_AFTER = dt.timedelta(seconds=120)
TIMEOUT = 10


class Killed(BaseException):
    """The sending process died in the middle."""


@dataclass(frozen=True, slots=True)
class Carriage:
    """How one accepted text travels: when it arrives (none: never), and which receipts come when."""

    arrivals: tuple[float, ...]
    receipts: tuple[tuple[float, str, str], ...]


class Weather(Protocol):
    """What decides about each letter."""

    def fate(self) -> Fate: ...

    def refusal(self) -> str: ...

    def carriage(self, valid_seconds: int | None) -> Carriage: ...


@dataclass
class Accepted:
    """One text in the provider's own list."""

    provider_id: str
    letter: Letter
    at: dt.datetime
    listed: bool


class Provider:
    """A gateway for texts; what it accepted is its log, what became of it reaches phones and our door."""

    def __init__(self, weather: Weather, refusals: Refusals, agenda: Agenda, clock: FakeClock, story: Story):
        self.weather, self.refusals, self.agenda, self.clock, self.story = (
            weather,
            refusals,
            agenda,
            clock,
            story,
        )
        self.log: list[Accepted] = []
        self.blocked: set[str] = set()
        self.refused: list[tuple[str, str]] = []
        self.faults: Counter[str] = Counter()
        self.arrive: Callable[[str, str], None] = lambda _phone, _body: None
        self.say: Callable[[Said, str], None] = lambda _said, _phone: None

    def send(self, letter: Letter) -> str:
        fate, code = self.weather.fate(), ""
        if letter.address in self.blocked:
            fate, code = Fate.REFUSED, "21610"
        accepted = self._take(letter, listed=fate is not Fate.UNLISTED) if fate in TAKEN else None
        self.story.add(
            Handed,
            at=self.clock(),
            phone=letter.address,
            key=letter.key,
            body=letter.body,
            fate=fate,
            provider_id=accepted and accepted.provider_id,
            valid_seconds=letter.valid_seconds,
        )
        if fate is not Fate.ACCEPTED:
            self.faults[fate.value] += 1
            self._fail(fate, code, letter.address)
        self._carry(accepted)
        return accepted.provider_id

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Search the list as Twilio's is searched: the newest first, by address, words and time."""
        for accepted in reversed(self.log):
            near = tried_at - MATCH_BEFORE <= accepted.at <= tried_at + MATCH_AFTER
            same = (accepted.letter.address, accepted.letter.body) == (letter.address, letter.body)
            if near and same and accepted.listed:
                return accepted.provider_id
        return None

    def matches(self, letter: Letter, *, tried_at: dt.datetime) -> list[str]:
        """List every text to an address with these words, as Twilio's list is searched."""
        return [
            accepted.provider_id
            for accepted in self.log
            if tried_at - MATCH_BEFORE <= accepted.at <= tried_at + MATCH_AFTER
            and (accepted.letter.address, accepted.letter.body) == (letter.address, letter.body)
            and accepted.listed
        ]

    def _take(self, letter: Letter, *, listed: bool) -> Accepted:
        accepted = Accepted(f"SM{len(self.log) + 1:032}", letter, self.clock(), listed)
        self.log.append(accepted)
        return accepted

    def _fail(self, fate: Fate, code: str, phone: str) -> None:
        if fate in TAKEN:
            self._carry(self.log[-1])
        match fate:
            case Fate.NOT_WRITTEN:
                raise NotSent("no connection")
            case Fate.TOO_MANY | Fate.ACCOUNT | Fate.REFUSED:
                fixed = {Fate.TOO_MANY: "20429", Fate.ACCOUNT: "20003"}
                code = code or fixed.get(fate) or self.weather.refusal()
                self.faults[f"code {code}"] += 1
                self.refused.append((phone, code))
                raise Rejected(code, verdict_on(self.refusals, code, http_status=400))
            case Fate.KILLED_BEFORE | Fate.KILLED_AFTER:
                raise Killed
        if fate in {Fate.HANGS_AFTER, Fate.UNLISTED}:
            self.clock.advance(seconds=TIMEOUT)
        raise Unsure("broke")

    def _carry(self, accepted: Accepted) -> None:
        letter = accepted.letter
        carriage = self.weather.carriage(letter.valid_seconds)
        for seconds in carriage.arrivals:
            self.agenda.after(seconds, lambda: self.arrive(letter.address, letter.body))
        for seconds, status, code in carriage.receipts:
            said = Said(accepted.provider_id, status, code, letter.callback_token)
            if seconds < 0:  # the receipt overtakes the reply to our request
                self.say(said, letter.address)
            else:
                self.agenda.after(seconds, lambda said=said: self.say(said, letter.address))


class Post:
    """E-mail that always arrives: alerts are counted, not carried."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        return f"<{len(self.letters)}@localhost>"

    def find(self, _letter: Letter, **_moment: object) -> None:
        return None

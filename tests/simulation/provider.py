"""A provider that accepts, refuses, breaks off, loses, repeats and reorders, as its weather says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Unsure
from survey_app.ask.sending.gateways.refusals import Refusals, verdict_on
from survey_app.ask.sending.receipts import Said
from survey_app.ask.sending.tables import Medium
from tests.fakes import FakeClock
from tests.simulation.agenda import Agenda
from tests.simulation.story import TAKEN, Fate, Handed, Story

MATCH_BEFORE = dt.timedelta(seconds=10)
MATCH_AFTER = dt.timedelta(seconds=120)
TIMEOUT = 10
A_DAY = dt.timedelta(hours=24)
TOO_LATE = "63016"


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

    def pick_up(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Request:
    """One letter as the provider is asked to carry it."""

    letter: Letter
    medium: Medium
    words: str
    buttons: dict[str, str] = field(default_factory=dict)  # what a tap sends back, and what stands on it
    free: bool = False
    url: str = ""
    status_url: str = ""


@dataclass
class Accepted:
    """One message or call in the provider's own list."""

    provider_id: str
    letter: Letter
    at: dt.datetime
    listed: bool
    medium: Medium = Medium.TEXT
    words: str = ""
    buttons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What the provider did with a request."""

    fate: Fate
    code: str
    accepted: Accepted | None


class Provider:
    """Carries texts, WhatsApp messages and calls; what it accepted is its log."""

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
        self.wrote_at: dict[str, dt.datetime] = {}  # by WhatsApp: a day from then on words may be free
        self.refused: list[tuple[str, str]] = []
        self.too_late: set[str] = set()  # ids of what came after the day of free words
        self.faults: Counter[str] = Counter()
        self.arrive: Callable[[Accepted], None] = lambda _accepted: None
        self.say: Callable[[Said, Accepted], None] = lambda _said, _accepted: None
        self.ring: Callable[[Accepted, Request], None] = lambda _accepted, _request: None

    def send(self, letter: Letter) -> str:
        """Carry a text: the gateway for texts."""
        done = self.take(Request(letter, Medium.TEXT, letter.body))
        if done.fate is not Fate.ACCEPTED:
            self._fail(done)
        return done.accepted.provider_id

    def take(self, request: Request) -> Done:
        """Accept a request or not, and carry what was accepted."""
        letter, fate = request.letter, self.weather.fate()
        code = self._refusal(request)
        fate = Fate.REFUSED if code else fate
        accepted = self._take(request, listed=fate is not Fate.UNLISTED) if fate in TAKEN else None
        if fate in {Fate.TOO_MANY, Fate.ACCOUNT, Fate.REFUSED}:
            fixed = {Fate.TOO_MANY: "20429", Fate.ACCOUNT: "20003"}
            code = code or fixed.get(fate) or self.weather.refusal()
            self.faults[f"code {code}"] += 1
            self.refused.append((letter.address, code))
        self.story.add(
            Handed,
            at=self.clock(),
            phone=letter.address,
            key=letter.key,
            body=letter.body,
            fate=fate,
            provider_id=accepted and accepted.provider_id,
            valid_seconds=letter.valid_seconds,
            medium=request.medium,
            token=letter.callback_token,
            code=code,
            free=request.free,
        )
        if fate is not Fate.ACCEPTED:
            self.faults[fate.value] += 1
        if accepted is not None:
            self._carry(accepted, request)
        if fate in {Fate.HANGS_AFTER, Fate.UNLISTED}:
            self.clock.advance(seconds=TIMEOUT)
        return Done(fate, code, accepted)

    def _refusal(self, request: Request) -> str:
        """Return the code with which a request is refused in any weather."""
        if request.medium is Medium.TEXT and request.letter.address in self.blocked:
            return "21610"
        # Sometimes WhatsApp says so at once, and sometimes only in a receipt.
        return TOO_LATE if self._is_late(request) and len(self.log) % 2 else ""

    def _is_late(self, request: Request) -> bool:
        wrote_at = self.wrote_at.get(request.letter.address)
        return request.free and (wrote_at is None or wrote_at + A_DAY <= self.clock())

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Search the list as Twilio's is searched: the newest first, by address, words and time."""
        for accepted in reversed(self.log):
            near = tried_at - MATCH_BEFORE <= accepted.at <= tried_at + MATCH_AFTER
            same = (accepted.letter.address, accepted.letter.body) == (letter.address, letter.body)
            if near and same and accepted.listed and accepted.medium is Medium.TEXT:
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
            and accepted.medium is Medium.TEXT
        ]

    def _take(self, request: Request, *, listed: bool) -> Accepted:
        kind = "CA" if request.medium is Medium.CALL else "SM"
        number = f"{kind}{len(self.log) + 1:032}"
        accepted = Accepted(
            number, request.letter, self.clock(), listed, request.medium, request.words, request.buttons
        )
        self.log.append(accepted)
        return accepted

    def _fail(self, done: Done) -> None:
        match done.fate:
            case Fate.NOT_WRITTEN:
                raise NotSent("no connection")
            case Fate.TOO_MANY | Fate.ACCOUNT | Fate.REFUSED:
                raise Rejected(done.code, verdict_on(self.refusals, done.code, http_status=400))
            case Fate.KILLED_BEFORE | Fate.KILLED_AFTER:
                raise Killed
        raise Unsure("broke")

    def _carry(self, accepted: Accepted, request: Request) -> None:
        if request.medium is Medium.CALL:
            return self.ring(accepted, request)
        letter = accepted.letter
        carriage = self.weather.carriage(letter.valid_seconds)
        if self._is_late(request):
            self.too_late.add(accepted.provider_id)
            first = -1 if len(self.log) % 4 == 1 else 1  # sometimes even before the reply to our request
            told = ((first, "undelivered", TOO_LATE), (1.5, "sent", ""), (31, "undelivered", TOO_LATE))
            carriage = Carriage((), told)
        for seconds in carriage.arrivals:
            self.agenda.after(seconds, lambda: self.arrive(accepted))
        for seconds, status, code in carriage.receipts:
            said = Said(accepted.provider_id, status, code, letter.callback_token)
            if seconds < 0:  # the receipt overtakes the reply to our request
                self.say(said, accepted)
            else:
                self.agenda.after(seconds, lambda said=said: self.say(said, accepted))
        return None


class Post:
    """E-mail that always arrives: alerts are counted, not carried."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        return f"<{len(self.letters)}@localhost>"

    def find(self, _letter: Letter, **_moment: object) -> None:
        return None

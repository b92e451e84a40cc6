"""A few people and a provider, moved by hand: one step at a time, for stories and for the state machine."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import count

from survey_app.ask.population.tables import ChannelChoice
from survey_app.bootstrap import Runtime
from survey_app.hear.responses.tables import Channel
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.simulation.findings import Findings
from tests.simulation.invariants import check
from tests.simulation.ledger import Ledger
from tests.simulation.provider import Accepted
from tests.simulation.script import Script
from tests.simulation.story import Fate
from tests.simulation.switchboard import HUMAN, Call, Uttered
from tests.simulation.words import Meaning, Writing, words_for
from tests.simulation.world import World

M = Meaning
PHONES = ("+447700900001", "+447700900002", "+447700900003")
STRANGER = "+447700900990"


class Scene:
    """Three people who were just invited; the first two share nothing, the third's phone has two people."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        reminder_days: int | None = 2,
        by: ChannelChoice = ChannelChoice.TEXT,
        picks_up: str = HUMAN,
    ) -> None:
        self.script = Script(picks_up=picks_up)
        self.world = World(runtime, self.script)
        self.shown: dict[str, list[Accepted]] = defaultdict(list)
        self.calls: dict[str, Call] = {}
        self.world.provider.arrive = lambda accepted: self.shown[accepted.letter.address].append(accepted)
        self.world.switchboard.answered = lambda call: self.calls.__setitem__(call.phone, call)
        self.tokens: dict[str, str] = {}
        self.sent: list[tuple[Writing, str]] = []
        self._numbers = count(1)
        with runtime.database.writing() as session:
            place = make_place(session)
            asking = {"reminder_days": reminder_days, "window_days": 7, "channels": [by.value]}
            campaign = make_campaign(session, places=[place], **asking)
            for phone in (*PHONES, PHONES[-1]):
                person = make_participant(session, runtime.keys, place=place, phone=phone, channel=by)
                if phone not in self.tokens:
                    asked = {"campaign": campaign, "participant": person, "invited_at": runtime.clock()}
                    _, self.tokens[phone] = make_invitation(session, runtime.keys, **asked)
        self.world.tick()
        self.wait(10)

    def write(
        self,
        meaning: Meaning,
        value: int | None = None,
        *,
        phone: str = PHONES[0],
        body: str = "",
        **how: str,
    ) -> str:
        """Let somebody write, and nothing else happen yet."""
        writing = Writing(phone, meaning, value, body or words_for(meaning, value, _First()), **how)
        provider_id = f"IN{next(self._numbers):032}"
        self.sent.append((writing, provider_id))
        self.world.written(writing)
        self.world.text(writing, provider_id)
        return provider_id

    def say(self, meaning: Meaning, value: int | None = None, *, phone: str = PHONES[0], **how: str) -> None:
        """Let somebody write, and everything that follows happen within a quarter of a minute."""
        self.write(meaning, value, phone=phone, **how)
        self.wait(15)

    def tap(self, value: int, *, question: int = -1, phone: str = PHONES[0]) -> None:
        """Tap an answer under one of the questions on somebody's WhatsApp; the last, if none is named."""
        shown = [one.buttons for one in self.shown[phone] if one.buttons][question]
        payload = next(payload for payload in shown if payload.endswith(f":{value}"))
        self.write(M.TAP, value, phone=phone, body=shown[payload], channel=Channel.WHATSAPP, payload=payload)
        self.wait(15)

    def press(self, *keys: str, phone: str = PHONES[0]) -> None:
        """Press keys in somebody's call, one after the other."""
        for key in keys:
            meaning = {"9": M.STOP, "*": M.REPEAT, "": M.EMPTY}.get(key, M.ANSWER)
            value = int(key) if meaning is M.ANSWER else None
            self.world.switchboard.step(self.calls[phone], Uttered(meaning, value, keys=key))
            self.wait(5)

    def hang_up(self, *, phone: str = PHONES[0]) -> None:
        self.world.switchboard.hang_up(self.calls[phone])
        self.wait(5)

    def again(self, number: int) -> None:
        """Deliver an earlier text once more."""
        if self.sent:
            self.world.text(*self.sent[number % len(self.sent)])

    def wait(self, seconds: float) -> None:
        self.world.agenda.run_until(self.world.clock() + dt.timedelta(seconds=seconds))

    def settle(self) -> None:
        """Let everything come to rest on a calm day."""
        self.script.fates.clear()
        self.script.journeys.clear()
        for _ in range(4):
            self.wait(3600)
            self.world.tick()
        self.wait(3600)

    def findings(self, *, settled: bool = True) -> Findings:
        return check(Ledger(self.world), settled=settled)

    def next(self, *fates: Fate) -> None:
        self.script.fates.extend(fates)


class _First:
    """Chooses the first of everything."""

    def choice(self, options):
        return options[0]

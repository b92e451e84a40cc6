"""One world from its first day to its last: weeks of a town, then calm days in which all is settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from survey_app.ask.instruments.model import Item
from survey_app.ask.population.tables import ChannelChoice
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at
from survey_app.hear.responses.tables import Channel
from tests.simulation.callers import Callers
from tests.simulation.pages import answer_by_link, stop_by_link
from tests.simulation.people import Person
from tests.simulation.provider import Accepted
from tests.simulation.tapping import OnWhatsApp
from tests.simulation.town import DAY, FIRST_DAYS, Town, build_town
from tests.simulation.weather import Storms
from tests.simulation.wire import Wire
from tests.simulation.words import Meaning, Writing
from tests.simulation.world import World

HOUR = dt.timedelta(hours=1)
TEMPERS = ("plain",) * 6 + ("odd", "odd", "hasty", "hasty", "machine")
FORCES = (0.3, 1, 1, 3)


@dataclass
class Play:
    """A world with its town, its people and its weather."""

    world: World
    town: Town
    wire: Wire
    storms: Storms
    rng: Random

    def run(self) -> None:
        """Play all days, then let everything settle on calm ones."""
        clock, agenda = self.world.clock, self.world.agenda
        end = day_starts_at(self.town.first_day) + self.town.days * DAY
        self._tick_until(end)
        self._odd_hours()
        agenda.run_until(end)
        self.storms.force = self.wire.force = 0
        self.world.provider.blocked.clear()
        for _ in range(6):
            agenda.run_until(clock() + 12 * HOUR)
            self.world.tick()
        agenda.run_until(clock() + HOUR)

    def _tick_until(self, end: dt.datetime) -> None:
        def tick() -> None:
            self.world.tick()
            pause = self.rng.expovariate(1 / 2.5) if self.rng.random() < 0.97 else self.rng.uniform(10, 40)
            after = self.world.clock() + pause * HOUR
            if after < end:
                self.world.agenda.at(after, tick)

        self.world.agenda.after(1, tick)

    def _odd_hours(self) -> None:
        # Strangers, and people who text in the middle of the night without having been asked just now.
        for _ in range(len(self.town.phones) // 4):
            at = self.rng.uniform(0, self.town.days * DAY.total_seconds())
            phone = self.rng.choice([*self.town.phones, "+447700900990", "+447700900991"])
            meaning = self.rng.choice([Meaning.ANSWER, Meaning.ANSWER, Meaning.NONSENSE, Meaning.DISTRESS])
            value = self.rng.choice([0, 1, 2, 3, 4])
            words = "3" if meaning is Meaning.ANSWER else "hello?"
            if meaning is Meaning.DISTRESS:
                words = "i want to die"
            channel = self.rng.choice([Channel.SMS, Channel.SMS, Channel.WHATSAPP])
            self.wire.send(Writing(phone, meaning, 3 if value is not None else None, words, channel), at)
            if self.rng.random() < 0.3:
                dial = partial(self.world.switchboard.dial, phone)
                self.world.agenda.after(at + HOUR.total_seconds(), dial)


def make_play(runtime: Runtime, seed: int, *, n_phones: int, days: int = 34) -> Play:
    """Set up a world by its seed; `runtime` has an empty database and a clock of its own."""
    rng = Random(seed)
    first_day = FIRST_DAYS[seed % len(FIRST_DAYS)]
    runtime.clock.set(day_starts_at(first_day) - DAY)
    force = rng.choice(FORCES)
    storms = Storms(rng, force)
    world = World(runtime, storms)
    world.switchboard.tells = storms.tells
    town = build_town(world, rng, n_phones=n_phones, first_day=first_day, days=days)
    wire = Wire(world, rng, force)
    _people(world, wire, town, rng)
    return Play(world, town, wire, storms, rng)


def _people(world: World, wire: Wire, town: Town, rng: Random) -> None:
    items = list(_items(world))
    labels = {item.sms: _labels(item) for item in items}

    def on_web(phone: str, token: str, n_items: int) -> None:
        for number in range(n_items):
            wait = 600 + 20 * number
            world.agenda.after(wait, lambda: answer_by_link(world, phone, token, rng.choice([1, 2, 3, None])))

    def stop_on_web(phone: str, token: str) -> None:
        world.agenda.after(700, lambda: stop_by_link(world, phone, token))

    def dial(phone: str, seconds: float) -> None:
        world.agenda.after(seconds, lambda: world.switchboard.dial(phone))

    def person(phone: str) -> Person:
        by_whatsapp = town.channels[phone] is ChannelChoice.WHATSAPP
        made = OnWhatsApp if by_whatsapp else Person
        ways = (wire.send, on_web, stop_on_web)
        return made(phone, rng, *ways, labels, temper=rng.choice(TEMPERS), dial=dial)

    people = {phone: person(phone) for phone in town.phones}

    def arrive(accepted: Accepted) -> None:
        phone = accepted.letter.address
        if phone in people:
            people[phone].hear(accepted.words, accepted.provider_id, accepted.buttons)

    world.provider.arrive = arrive
    Callers(world, rng, {item.spoken: _labels(item) for item in items}, people).listen()


def _items(world: World) -> Iterator[Item]:
    latest = world.runtime.library.latest
    for name in ("pulse-user-6", "access-transition-addon", "carer"):
        for spoken in (latest(name), *latest(name).translations.values()):
            yield from spoken.items


def _labels(item: Item) -> dict[int, str]:
    return {option.code: option.label for option in item.options}

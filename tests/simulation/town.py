"""A small town to ask: phones, some of them shared, carers, and three campaigns that want the same people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Rhythm
from survey_app.ask.population.tables import ChannelChoice, PlaceKind
from tests.factories import make_campaign, make_participant, make_place
from tests.simulation.world import World

DAY = dt.timedelta(days=1)
WAYS = {ChannelChoice.TEXT: 50, ChannelChoice.WHATSAPP: 25, ChannelChoice.CALL: 20, ChannelChoice.WEB: 5}
FIRST_DAYS = (
    dt.date(2026, 3, 23),  # the night of 28 to 29 March has no half past one
    dt.date(2026, 10, 19),  # the night of 24 to 25 October has two
    dt.date(2026, 6, 1),
    dt.date(2026, 12, 21),
)


@dataclass(frozen=True, slots=True)
class Town:
    """Whom a world asks, and from when on."""

    phones: tuple[str, ...]
    channels: Mapping[str, ChannelChoice]
    first_day: dt.date
    days: int


def build_town(world: World, rng: Random, *, n_phones: int, first_day: dt.date, days: int) -> Town:
    """Add people and campaigns."""
    phones = tuple(f"+447700900{number:03}" for number in range(n_phones))
    channels = {phone: rng.choices([*WAYS], [*WAYS.values()])[0] for phone in phones}
    town = Town(phones, channels, first_day, days)
    keys = world.runtime.keys
    with world.runtime.database.writing() as session:
        top = make_place(session, "system", kind=PlaceKind.SYSTEM)
        place = make_place(session, "riverside", parent=top)
        for number, phone in enumerate(phones):
            for sharer in range(2 if rng.random() < 0.1 else 1):
                make_participant(
                    session,
                    keys,
                    place=place,
                    phone=phone,
                    reference=f"{number}-{sharer}",
                    channel=channels[phone],
                    audience=Audience.CARER if rng.random() < 0.15 else Audience.USER,
                    created_at=world.clock(),
                )
        _campaigns(session, place, rng, town)
    return town


def _campaigns(session, place, rng: Random, town: Town) -> None:
    run = {"places": [place], "starts_on": town.first_day, "ends_on": town.first_day + town.days * DAY}
    run |= {"channels": [choice.value for choice in WAYS]}
    users = {"weekly_sample": len(town.phones) // 2, "window_days": rng.choice([4, 7]), "reminder_days": 2}
    make_campaign(session, name="Weekly", rota_items=rng.choice([2, 3, None]), **run, **users)
    addon = {"instrument_id": "access-transition-addon", "rota_items": 2, "channels": ["text"]}
    make_campaign(session, name="Add-on", **run | users | addon | {"seed": 9, "reminder_days": None})
    carers = {"instrument_id": "carer", "audience": Audience.CARER, "rota_items": 3, "rhythm": Rhythm.ONCE}
    follow = {"fallback": ["text", "call"], "fallback_days": 2} if rng.random() < 0.5 else {}
    make_campaign(session, name="Carers", **run, **carers, **follow, window_days=7, reminder_days=3)

"""A random year: places of very different size, who answers when, who is erased, what changes at quarters."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.attacker.calendar import DAY, WEEK, instant
from tests.attacker.maps import Change, planned_changes, random_changes
from tests.attacker.people import (
    CATEGORIES,
    HELPED,
    MODE,
    SCORES,
    Habits,
    Locality,
    Person,
    habits_of,
    residents,
    says,
)

STARTS = (dt.date(2024, 12, 30), dt.date(2025, 12, 29))
"""The second year has a week 53."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One response; `stored` is when the database hears of it, `settles` when it counts as given."""

    id: int
    person: Person
    finished: bool
    settles: dt.datetime
    stored: dt.datetime
    items: tuple[str, ...] | None
    codes: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Year:
    seed: int
    start: dt.date
    end: dt.date
    parents: tuple[str, ...]
    localities: tuple[Locality, ...]
    population: dict[tuple[str, str], int]
    replies: tuple[Reply, ...]  # as they are stored
    erasures: tuple[tuple[dt.datetime, Person], ...]
    changes: tuple[Change, ...]
    every_night: bool


def year_of(seed: int, *, weeks: int = 53, planned: bool = False) -> Year:
    """Make the year of a seed; planned: a larger system whose map follows the rules for small places."""
    rng = random.Random(seed)
    start = rng.choice(STARTS)
    whole = start + (52 + (start == STARTS[1])) * WEEK
    end = min(whole, start + weeks * WEEK)
    parents = tuple(f"place-{number}" for number in range(3 if planned else rng.choice([2, 3])))
    localities = _planned_localities(rng, parents) if planned else _localities(rng, parents)
    habits = replace(habits_of(rng), weeks_between=60) if planned else habits_of(rng)
    replies = _replies(rng, localities, habits, start, end)
    return Year(
        seed=seed,
        start=start,
        end=end,
        parents=parents,
        localities=localities,
        population=_population(rng, localities),
        replies=replies,
        erasures=_erasures(rng, replies, start, end),
        changes=planned_changes(localities, start, end)
        if planned
        else random_changes(rng, parents, localities, start, end),
        every_night=not planned and rng.random() < 0.06,
    )


def _localities(rng: random.Random, parents: tuple[str, ...]) -> tuple[Locality, ...]:
    found, left = [], 75.0
    for number in range(rng.randint(5, 9)):
        volume = min(math.exp(rng.uniform(math.log(0.5), math.log(42))), max(left, 0.7))
        left -= volume
        name = f"loc-{number}"
        practices = tuple(f"{name}-p{one}" for one in range(rng.choice([0, 1, 2])))
        parent = parents[number] if number < len(parents) else rng.choice(parents)
        carers = rng.choice([0.1, 0.3, 0.5])
        found.append(Locality(name, parent, volume, practices, carers, rng.uniform(0.3, 0.9)))
    return tuple(found)


def _planned_localities(rng: random.Random, parents: tuple[str, ...]) -> tuple[Locality, ...]:
    volumes = [0.5, 1, 1.5, 3, 4, 7, 9, 12, 14, 18, 22, 25, 30, 42, 55, 15, 6, 2]
    rng.shuffle(volumes)
    return tuple(
        Locality(
            f"loc-{n}",
            parents[n % 3],
            volume,
            (f"loc-{n}-p0", f"loc-{n}-p1")[: n % 3],
            0.2,
            rng.uniform(0.3, 0.9),
        )
        for n, volume in enumerate(volumes)
    )


def _population(rng: random.Random, localities: tuple[Locality, ...]) -> dict[tuple[str, str], int]:
    if rng.random() < 0.2:
        return {}
    return {(one.id, category): rng.randint(200, 4000) for one in localities for category in CATEGORIES}


def _replies(
    rng: random.Random, localities: tuple[Locality, ...], habits: Habits, start: dt.date, end: dt.date
) -> tuple[Reply, ...]:
    found = []
    for locality in localities:
        for stream, people in residents(rng, locality, habits).items():
            share = locality.carers if stream == "carers" else 1 - locality.carers
            for week in range((end - start).days // 7):
                for _ in range(_poisson(rng, locality.volume * share * rng.choice([0.7, 1, 1.3]))):
                    day = start + week * WEEK + rng.randrange(7) * DAY
                    found.append(_reply(rng, locality, habits, rng.choice(people), day))
    in_order = sorted(found, key=lambda reply: (reply.stored, reply.settles))
    modes = _modes(random.Random(len(found)), localities, in_order)
    helpers = _helpers(random.Random(len(found) + 1), localities, in_order)
    beside = [{MODE: mode, HELPED: helped} for mode, helped in zip(modes, helpers, strict=True)]
    return tuple(
        Reply(number, r.person, r.finished, r.settles, r.stored, r.items, r.codes | said)
        for number, (r, said) in enumerate(zip(in_order, beside, strict=True), start=1)
    )


def _modes(rng: random.Random, localities: tuple[Locality, ...], replies: list[Reply]) -> Iterator[int]:
    """Let nearly everybody of some places answer one way, and half the people change theirs now and then."""
    by_text = {one.id: rng.choice([0, 0.03, 0.3, 0.95]) for one in localities}
    habit: dict[str, int] = {}
    for reply in replies:
        name = reply.person.name
        if name not in habit or rng.random() < 0.1:
            habit[name] = 1 + (rng.random() < by_text[reply.person.place])
        yield habit[name]


def _helpers(rng: random.Random, localities: tuple[Locality, ...], replies: list[Reply]) -> Iterator[int]:
    """Let hardly anybody of some places have help, and the same person nearly always say the same."""
    helped = {one.id: rng.choice([0, 0.05, 0.3, 0.9]) for one in localities}
    habit: dict[str, int] = {}
    for reply in replies:
        name = reply.person.name
        if name not in habit or rng.random() < 0.1:
            habit[name] = 1 + (rng.random() < helped[reply.person.place])
        yield habit[name]


def _reply(rng: random.Random, locality: Locality, habits: Habits, person: Person, day: dt.date) -> Reply:
    late = rng.random() < 0.03
    at = instant(day, 23 if late else rng.choice([0, *range(7, 23)]), rng.randrange(60), rng.randrange(60))
    asked = tuple(SCORES[person.stream])
    if habits.rota and person.stream == "all-round":
        asked = ("aa.usual", *sorted(rng.sample(["aa.alike", "aa.rare", "aa.rota"], 2)))
    finished = rng.random() > 0.05
    given = asked if finished else asked[: rng.randint(1, len(asked) - 1)]
    stored = at + dt.timedelta(hours=rng.choice([1, 9, 40])) if rng.random() < 0.02 else at
    settles = at if finished else at + dt.timedelta(days=14)
    codes = {item: says(rng, locality, habits, item) for item in given}
    if rng.random() < habits.restless:
        person = _changed(rng, locality, person)
    return Reply(0, person, finished, settles, stored, asked if habits.rota else None, codes)


def _changed(rng: random.Random, locality: Locality, person: Person) -> Person:
    """Let a person be registered elsewhere, or older, by the time of one answer."""
    practice = rng.choice([None, *locality.practices])
    return replace(person, practice=practice, category=rng.choice([None, *CATEGORIES]))


def _poisson(rng: random.Random, mean: float) -> int:
    limit, product, n = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        n += 1
    return n


def _erasures(
    rng: random.Random, replies: tuple[Reply, ...], start: dt.date, end: dt.date
) -> tuple[tuple[dt.datetime, Person], ...]:
    last = instant(end, 2)
    found: dict[str, tuple[dt.datetime, Person]] = {}
    for _ in range(rng.choice([0, 5, 30, 90])):
        reply = rng.choice(replies)
        at = reply.stored + dt.timedelta(hours=rng.choice([1, 30, 300, 2500]))
        found.setdefault(reply.person.name, (at, reply.person))
    for _ in range(rng.choice([0, 1, 3])):  # many of one place go at once, after a quarter is out
        place, at = rng.choice(replies).person.place, instant(start + rng.randint(80, 360) * DAY, 15)
        who = sorted(
            {r.person.name: r.person for r in replies if r.person.place == place and r.stored < at}.items(),
            key=lambda row: row[0],
        )
        for _, person in rng.sample(who, min(len(who), rng.randint(9, 40))):
            found.setdefault(person.name, (at, person))
    return tuple(
        sorted((row for row in found.values() if row[0] < last), key=lambda row: (row[0], row[1].name))
    )

"""Who lives where in a simulated year, and what each of them would say."""

from __future__ import annotations

import random
from dataclasses import dataclass

CATEGORIES = ("18-64", "65-79", "80-over")
SCORES = {
    "all-round": {
        "aa.usual": {1: 0, 2: 1, 3: 2, 4: 3},
        "aa.alike": {1: 0, 2: 1, 3: 2, 4: 3},
        "aa.rare": {1: 3, 2: 0},
        "aa.rota": {1: 0, 2: 1, 3: 2, 4: 3},
    },
    "carers": {"cc.usual": {1: 0, 2: 1, 3: 2, 4: 3}, "cc.rare": {1: 3, 2: 0}},
}
"""Scored codes; any other answer says nothing about a mean."""
MODE = "mode"
MODES = {1: 0, 2: 1}
"""How an answer came, on the web or by text: counted like one more item, to which everybody has an answer."""
HELPED = "helped"
HELPERS = {1: 0, 2: 1}
"""Who filled it in: alone (or did not say), or with somebody's help."""
BESIDE = {MODE: MODES, HELPED: HELPERS}
"""What stands with a response and not among its answers."""
SHOWN = {stream: items | BESIDE for stream, items in SCORES.items()}
"""Whatever has figures of its own."""
SCALES = {"all-round": ("aa.usual", "aa.alike", "aa.rota"), "carers": ("cc.usual", "cc.rare")}


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    stream: str
    place: str
    practice: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Locality:
    id: str
    parent: str
    volume: float  # replies a week, of all streams
    practices: tuple[str, ...]
    carers: float  # their share
    leaning: float  # how good its answers are


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs between years: how often people come back, skip, are asked in turn."""

    weeks_between: int
    not_stated: float
    practice_known: float
    rare_applies: float
    alike: float
    rota: bool
    restless: float  # share of answers that come from another practice or age than the person's others


def habits_of(rng: random.Random) -> Habits:
    return Habits(
        weeks_between=rng.choice([6, 20, 60, 400]),
        not_stated=rng.choice([0.02, 0.1, 0.3]),
        practice_known=rng.choice([0.5, 0.9, 1.0]),
        rare_applies=rng.choice([0.1, 0.25, 0.5]),
        alike=rng.choice([0.8, 0.93, 0.99]),
        rota=rng.random() < 0.5,
        restless=rng.choice([0, 0, 0.05]),
    )


def residents(rng: random.Random, locality: Locality, habits: Habits) -> dict[str, list[Person]]:
    """Make the people of a locality, by stream."""
    found = {}
    weights = [rng.choice([1, 3, 6]), rng.choice([1, 3]), rng.choice([0.2, 1, 2])]
    for stream, share in (("all-round", 1 - locality.carers), ("carers", locality.carers)):
        n = max(3, round(locality.volume * share * habits.weeks_between))
        found[stream] = [
            Person(
                f"{locality.id}-{stream[0]}{number}",
                stream,
                locality.id,
                rng.choice(locality.practices)
                if locality.practices and rng.random() < habits.practice_known
                else None,
                None if rng.random() < habits.not_stated else rng.choices(CATEGORIES, weights)[0],
            )
            for number in range(n)
        ]
    return found


def says(rng: random.Random, locality: Locality, habits: Habits, item: str) -> int | None:
    """Return the code of one answer; None is a skip."""
    if rng.random() < 0.03:
        return None
    if item.endswith("rare"):
        if rng.random() > habits.rare_applies:
            return rng.choice([0, 3, 3])
        return 1 if rng.random() < locality.leaning else 2
    if rng.random() < 0.05:
        return 0
    if item.endswith("alike") and rng.random() < habits.alike:
        return 4
    return 1 + sum(rng.random() < locality.leaning for _ in range(3))

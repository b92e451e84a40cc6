"""How the map of places changes at quarters: at random, or by the rules for small places."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from tests.attacker.calendar import WEEK, quarter_of
from tests.attacker.people import Locality


@dataclass(frozen=True, slots=True)
class Change:
    """What the map of places does at the start of a quarter: moves, then groups, then bins."""

    quarter: dt.date
    moves: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bins: dict[str, int] = field(default_factory=dict)

    def unit_of(self, place: str) -> str:
        return next((group for group, places in self.groups.items() if place in places), place)


def planned_changes(localities: tuple[Locality, ...], start: dt.date, end: dt.date) -> tuple[Change, ...]:
    """Put places under 20 replies a week together until there are 20; where that fails, make bins longer."""
    volume = {one.id: one.volume * (1 - one.carers) for one in localities}
    groups: dict[str, tuple[str, ...]] = {}
    for parent in sorted({one.parent for one in localities}):
        small = sorted((o.id for o in localities if o.parent == parent and volume[o.id] < 20), key=volume.get)
        open_: list[str] = []
        while small:
            open_.append(small.pop(len(open_) % 2 - 1))
            if sum(volume[place] for place in open_) >= 20 and sum(volume[place] for place in small) >= 20:
                groups[f"near-{parent[-1]}-{len(groups)}"], open_ = tuple(sorted(open_)), []
        if len(open_) > 1:
            groups[f"near-{parent[-1]}-{len(groups)}"] = tuple(sorted(open_))
    grouped = {place: group for group, places in groups.items() for place in places}
    units = dict.fromkeys([*groups, *(place for place in volume if place not in grouped)], 0.0)
    for place, n in volume.items():
        units[grouped.get(place, place)] += n
    bins = {unit: 1 if n >= 20 else 2 if n >= 10 else 4 if n >= 5 else 13 for unit, n in units.items()}
    starts = sorted({quarter_of(start + n * WEEK) for n in range((end - start).days // 7 + 1)})
    return tuple(Change(quarter, {}, groups, bins) for quarter in starts)


def random_changes(
    rng: random.Random,
    parents: tuple[str, ...],
    localities: tuple[Locality, ...],
    start: dt.date,
    end: dt.date,
) -> tuple[Change, ...]:
    starts = sorted({quarter_of(start + n * WEEK) for n in range((end - start).days // 7 + 1)})
    parent_of = {one.id: one.parent for one in localities}
    changes: list[Change] = []
    for number, quarter in enumerate(starts):
        moves = {}
        if changes and rng.random() < 0.6:
            moved = rng.choice(localities).id
            moves[moved] = rng.choice([one for one in parents if one != parent_of[moved]])
            parent_of |= moves
        same = changes and rng.random() < 0.3 and not moves
        groups = changes[-1].groups if same else _groups(rng, localities, parent_of, number)
        changes.append(Change(quarter, moves, groups, _bins(rng, localities, groups)))
    return tuple(changes)


def _groups(
    rng: random.Random, localities: tuple[Locality, ...], parent_of: dict[str, str], number: int
) -> dict[str, tuple[str, ...]]:
    groups = {}
    for parent in sorted(set(parent_of.values())):
        small = [one.id for one in localities if parent_of[one.id] == parent and one.volume < 20]
        rng.shuffle(small)
        if len(small) >= 2 and rng.random() < 0.8:
            groups[f"near-{parent[-1]}-{number}"] = tuple(sorted(small[: rng.randint(2, len(small))]))
    return groups


def _bins(
    rng: random.Random, localities: tuple[Locality, ...], groups: dict[str, tuple[str, ...]]
) -> dict[str, int]:
    volume = {one.id: one.volume for one in localities}
    grouped = {place for places in groups.values() for place in places}
    units = {name: sum(volume[place] for place in places) for name, places in groups.items()}
    units |= {place: n for place, n in volume.items() if place not in grouped}
    return {
        unit: rng.choice([1, 2, 4, 13])
        if rng.random() < 0.1
        else 1
        if n >= 20
        else 2
        if n >= 10
        else 4
        if n >= 4
        else 13
        for unit, n in units.items()
    }

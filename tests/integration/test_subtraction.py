"""What subtraction can learn: much from a threshold at display, nothing from released figures."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
import sqlalchemy as sa

from survey_app.jobs.counting import nightly, top_up
from survey_app.know.aggregation.blocks import K
from survey_app.know.disclosure.tables import PEOPLE, Figure
from tests.worlds import MONDAY, World, london

ITEM = "ex.life"
PLACES = ("riverside", "hillside", "lakeside")
Shown = dict[tuple[str, dt.date], int]


class Attacker:
    """Reads every page after every change, and subtracts whatever can be subtracted."""

    def __init__(self) -> None:
        self.before: Shown = {}
        self.differences: set[int] = set()

    def look(self, shown: Shown) -> None:
        self.differences |= {abs(n - self.before.get(key, 0)) for key, n in shown.items()}
        for week in {week for _, week in shown}:
            of_places = [shown[place, week] for place in PLACES if (place, week) in shown]
            whole = shown.get(("system", week), sum(of_places))
            subsets = itertools.chain.from_iterable(
                itertools.combinations(of_places, size) for size in range(1, len(of_places) + 1)
            )
            self.differences |= {whole - sum(some) for some in subsets}
        self.before = shown

    @property
    def solved(self) -> set[int]:
        """Return the sizes of the groups, smaller than K, whose answers the figures give away."""
        return {n for n in self.differences if 0 < n < K}


def small_world(seed: int) -> list[tuple[str, str, dt.datetime, int]]:
    rng = random.Random(seed)
    found = []
    for day in range(14):
        for _ in range(rng.choice([2, 4, 6, 9])):
            place = rng.choice([*PLACES, "riverside", "riverside"])
            code = rng.choice([0, 1, 3, 3])
            at = london(MONDAY + dt.timedelta(days=day), rng.randrange(8, 20), rng.randrange(60))
            found.append((f"p{rng.randrange(90)}", place, at, code))
    return sorted(found, key=lambda row: row[2])


def naive(answers) -> Attacker:
    """Show every count of K or more, as soon as it is reached."""
    attacker, counts = Attacker(), dict.fromkeys(itertools.product((*PLACES, "system"), range(3)), 0)
    for _, place, at, code in answers:
        for level in (place, "system") if code else ():
            counts[level, (at.date() - MONDAY).days // 7] += 1
        attacker.look({(p, MONDAY + dt.timedelta(weeks=w)): n for (p, w), n in counts.items() if n >= K})
    return attacker


def released(world: World, item: str) -> Shown:
    query = sa.select(Figure.place_id, Figure.bin_start, Figure.n_valid)
    with world.runtime.database.reading() as session:
        rows = session.execute(query.where(Figure.item_id == item, Figure.n_valid > 0))
        return {(row.place_id, row.bin_start): row.n_valid for row in rows}


def ours(world: World, answers, clock) -> tuple[Attacker, Attacker]:
    of_item, of_people, day = Attacker(), Attacker(), MONDAY

    def look() -> None:
        of_item.look(released(world, ITEM))
        of_people.look(released(world, PEOPLE))

    for person, place, at, code in answers:
        while day <= at.date():
            clock.set(london(day, 3, 10))
            nightly(world.runtime, day)
            look()
            day += dt.timedelta(days=1)
        clock.set(at)
        world.answer(person, at, place, ex_life=code)
        if top_up(world.runtime):
            look()
    clock.set(london(MONDAY + dt.timedelta(days=21), 3, 10))
    nightly(world.runtime, MONDAY + dt.timedelta(days=21))
    look()
    return of_item, of_people


@pytest.mark.parametrize("seed", [1, 2])
def test_subtracting_released_figures_gives_no_group_under_ten_where_a_threshold_would(runtime, clock, seed):
    world = World(runtime).build(*PLACES)
    answers = small_world(seed)
    assert naive(answers).solved
    of_item, of_people = ours(world, answers, clock)
    assert of_people.differences
    assert (of_item.solved, of_people.solved) == (set(), set())

"""Pages, twins, pictures and headers of the dashboard: between releases, not one byte of them changes."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from survey_app.jobs.counting import nightly, top_up
from survey_app.jobs.erasing import erase_person
from survey_app.jobs.worker import draw_some
from survey_app.know.measures.measures import Measures
from tests.attacker.pages import addresses, differing, look, numbers_in, words_in
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import enter, settle
from tests.worlds import World, london

pytestmark = ON_SQLITE

PLACES = ("riverside", "hilltop", "east", "kmd")
MEASURES = ("ex.life.mean", "ex.moves.top", "pulse-user-6.replies")
WANTED = tuple(addresses(PLACES, MEASURES, ("outcomes.experience.1",)))
DAY = dt.timedelta(days=1)
MONDAY = dt.date(2026, 12, 14)
TODAY = dt.date(2027, 1, 4)
"""The first day of a quarter: the figures of the one before have just gone out."""


@pytest.fixture
def runtime(runtime):
    """Follow few measures: every picture is drawn anew after each release."""
    return replace(runtime, measures=Measures(runtime.measures.get(name) for name in MEASURES))


@pytest.fixture
def world(runtime, clock) -> World:
    settle(runtime, "lead@example.org")
    world = World(runtime)
    for week in range(3):
        world.crowd(21 + week, MONDAY + 7 * week * DAY, "riverside", category="18-64")
        world.crowd(12, MONDAY + 7 * week * DAY, "hilltop")
        clock.set(london(MONDAY + 7 * (week + 1) * DAY, 3, 10))
        nightly(runtime, MONDAY + 7 * (week + 1) * DAY)
    return world


def drawn(runtime) -> None:
    while draw_some(runtime):
        pass


def test_no_byte_of_any_page_or_twin_changes_before_a_release_does(world, app, runtime, clock):
    rng = random.Random(5)
    clock.set(london(TODAY, 9))
    drawn(runtime)
    lead = enter(app, "lead@example.org")[0]
    before, n_releases = look(lead, WANTED), 0
    assert before["/dashboard/quarters/ex.life.mean/kmd.json"][0] == 200
    for told in ("compare/ex.life.mean.svg?place=kmd", "equity/ex.life.mean/kmd.csv", "answered/kmd.json"):
        assert before[f"/dashboard/{told}"][0] == 200
    for number in range(36):
        clock.advance(seconds=40)
        codes = {"ex_life": rng.choice([0, 1, 2, 4]), "ex_moves": rng.choice([0, 1, 2, 3, 3])}
        world.answer(f"w-{number}", clock(), rng.choice(["riverside", "riverside", "hilltop"]), **codes)
        if number in {5, 30}:
            for name in (f"w-{number - 1}", f"riverside-{MONDAY}-12-{number % 20}"):
                assert erase_person(runtime, name.encode().ljust(32, b".")) == 1
        if top_up(runtime):
            drawn(runtime)
            n_releases += 1
            after = look(lead, WANTED)
            assert differing(before, after)
            before = after
        elif number % 9 == 0 or number in {5, 30}:
            assert differing(before, look(lead, WANTED)) == []
    assert n_releases


def test_a_page_and_its_picture_say_only_what_the_released_series_says(world, app, runtime, clock):
    clock.set(london(TODAY, 9))
    drawn(runtime)
    lead = enter(app, "lead@example.org")[0]
    found = look(lead, WANTED)
    for place in PLACES:
        on_page, in_json = numbers_in(found, "ex.life.mean", place)
        assert on_page <= in_json
        assert in_json
        picture, summary = words_in(found, "ex.life.mean", place)
        assert summary.split(".")[0] in picture


def test_the_order_of_lists_and_the_stamps_stand_still_until_a_release(world, app, runtime, clock):
    clock.set(london(TODAY, 9))
    lead = enter(app, "lead@example.org")[0]
    lists = ("/dashboard", "/dashboard/live", "/dashboard/model", "/dashboard/places/kmd/live")
    before = look(lead, lists)
    world.crowd(9, TODAY, "hilltop", hour=9)
    clock.advance(minutes=20)
    assert top_up(runtime) == 0
    assert differing(before, look(lead, lists)) == []

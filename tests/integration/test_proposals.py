"""Neighbour groups: proposed from last quarter's volume, confirmed by a person, and never as a number."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from survey_app.ask.population.parents import BadMove
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.jobs.counting import nightly
from survey_app.know.aggregation.grouping import BadGroup, set_group, stand_alone
from survey_app.know.aggregation.moves import move_place
from survey_app.know.aggregation.units import Units
from survey_app.know.disclosure.proposing import Volume, confirm, confirmed_by, propose
from tests.attacks.ground import ON_SQLITE
from tests.factories import make_place
from tests.integration.signed_in import csrf_in, enter, settle
from tests.worlds import MONDAY, World, london, path_of

WEEK = dt.timedelta(weeks=1)
NEXT = dt.date(2027, 1, 4)


@pytest.fixture
def world(runtime) -> World:
    world = World(runtime)
    with runtime.database.writing() as session:
        top = make_place(session, "system", kind=PlaceKind.SYSTEM)
        for parent, places in {
            "east": ("big", "thin-a", "thin-b", "thin-c"),
            "west": ("lone", "wide"),
        }.items():
            above = make_place(session, parent, kind=PlaceKind.PLACE, parent=top)
            for place in places:
                make_place(session, place, parent=above)
    return world


def settled(world, replies: dict[str, int], clock) -> dt.date:
    """Let each place have so many replies in one week, and return the first day of the week after."""
    for place, n in replies.items():
        world.crowd(n, MONDAY, place)
    clock.set(london(MONDAY + WEEK, 3, 10))
    nightly(world.runtime, MONDAY + WEEK)
    return MONDAY + WEEK


def proposed(world, day):
    with world.runtime.database.reading() as session:
        plan = propose(session, day)
    return plan, {unit.places: unit.weeks for unit in plan.units}


def test_thin_places_join_neighbours_of_their_parent_until_there_is_enough(world, clock):
    day = settled(
        world, {"big": 270, "thin-a": 130, "thin-b": 140, "thin-c": 20, "wide": 300, "lone": 13}, clock
    )
    plan, units = proposed(world, day)
    assert units == {("big",): 1, ("thin-a", "thin-b", "thin-c"): 1, ("lone", "wide"): 1}
    assert plan.quarter == NEXT
    assert plan.volumes["thin-a"] is Volume.SOME
    assert plan.volumes["lone"] is Volume.FEW
    assert {unit.name for unit in plan.units if unit.is_group} == {
        "Thin-A, Thin-B and Thin-C",
        "Lone and Wide",
    }


def test_the_only_place_of_its_parent_stands_alone_with_longer_bins(world, clock, runtime):
    with runtime.database.writing() as session:
        north = make_place(session, "north", kind=PlaceKind.PLACE, parent=session.get_one(Place, "system"))
        make_place(session, "hermit", parent=north)
    _, units = proposed(world, settled(world, {"hermit": 26, "big": 300}, clock))
    assert units["hermit",] == 13


def test_a_group_that_is_still_thin_gets_longer_bins(world, clock):
    day = settled(
        world, {"big": 270, "thin-a": 40, "thin-b": 40, "thin-c": 50, "wide": 300, "lone": 300}, clock
    )
    _, units = proposed(world, day)
    assert units["thin-a", "thin-b", "thin-c"] == 2


def test_what_is_confirmed_holds_from_the_quarter_on_and_is_proposed_again_unchanged(world, clock, runtime):
    day = settled(
        world, {"big": 270, "thin-a": 40, "thin-b": 40, "thin-c": 50, "wide": 300, "lone": 300}, clock
    )
    plan, units = proposed(world, day)
    with runtime.database.writing() as session:
        confirm(session, plan, by="officer@example.org", now=runtime.clock())
    again, same = proposed(world, day)
    assert (same, again.changed) == (units, ())
    with runtime.database.reading() as session:
        assert confirmed_by(session, NEXT) == "officer@example.org"
        now, then = Units(session).unit_of("thin-a", day), Units(session).unit_of("thin-a", NEXT)
    assert (now.id, then.id) == ("thin-a", "thin-a-thin-b-thin-c")


def test_a_place_moves_between_quarters_and_leaves_its_group_while_blocks_keep_their_parents(
    world, clock, runtime
):
    day = settled(world, {"big": 270, "thin-a": 40, "thin-b": 40, "thin-c": 50}, clock)
    plan, _ = proposed(world, day)
    with runtime.database.writing() as session:
        confirm(session, plan, by="officer", now=runtime.clock())
        move_place(session, place_id="thin-a", parent_id="west", from_day=NEXT)
    with runtime.database.reading() as session:
        assert Units(session).unit_of("thin-a", day).path == "/system/east/thin-a/"
        assert Units(session).unit_of("thin-a", NEXT).path == "/system/west/thin-a/"
    assert path_of(world, "thin-a") == "/system/east/thin-a/"
    world.crowd(25, NEXT - WEEK, "thin-a")
    clock.set(london(NEXT, 3, 10))
    nightly(runtime, NEXT)
    assert path_of(world, "thin-a") == "/system/west/thin-a/"
    world.crowd(25, NEXT, "thin-a")
    clock.set(london(NEXT + WEEK, 3, 10))
    nightly(runtime, NEXT + WEEK)
    east, west = ({row[0]: row[1] for row in world.figures(place)} for place in ("east", "west"))
    assert (east[NEXT - WEEK], west[NEXT]) == (25, 25)
    assert (east.get(NEXT)) or NEXT - WEEK not in west


def test_a_place_that_will_move_leaves_a_group_that_is_made_afterwards(world, runtime):
    with runtime.database.writing() as session:
        move_place(session, place_id="thin-a", parent_id="west", from_day=NEXT)
        set_group(session, group_id="thin", name="Thin", places=["thin-a", "thin-b"], from_day=MONDAY)
        units = Units(session)
        assert units.unit_of("thin-a", MONDAY).id == "thin"
        assert units.unit_of("thin-a", NEXT).path == "/system/west/thin-a/"


def test_a_group_that_was_given_up_has_no_bins_to_be_empty(world, runtime):
    with runtime.database.writing() as session:
        set_group(session, group_id="thin", name="Thin", places=["thin-a", "thin-b"], from_day=MONDAY)
        for place in ("thin-a", "thin-b"):
            stand_alone(session, place_id=place, from_day=NEXT)
        units = Units(session)
        assert (units.counts_alone("thin", MONDAY), units.counts_alone("thin", NEXT)) == (True, False)


def test_a_quarter_in_which_a_place_was_counted_keeps_its_map(world, clock, runtime):
    day = settled(world, {"big": 270}, clock)
    with runtime.database.writing() as session:
        with pytest.raises(BadGroup, match="has been counted"):
            move_place(session, place_id="big", parent_id="west", from_day=day)
        with pytest.raises(BadMove, match="only localities move"):
            move_place(session, place_id="east", parent_id="west", from_day=NEXT)
        with pytest.raises(BadMove, match="no place that localities stand under"):
            move_place(session, place_id="big", parent_id="lone", from_day=NEXT)


def test_an_officer_of_the_whole_system_confirms_on_a_page_that_shows_no_small_number(app, runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org")
    officer, _ = enter(app, "officer@example.org")
    page = officer.get("/workspace/groups").text
    assert "under 10" in page
    seal = page.split('name="seal" value="')[1][:16]
    form = {"csrf_token": csrf_in(officer), "seal": seal}
    assert officer.post("/workspace/groups/confirm", data=form).status_code == 303
    assert "officer@example.org has confirmed" in officer.get("/workspace/groups").text
    assert officer.post("/workspace/groups/confirm", data=form | {"seal": "another"}).status_code == 409
    east, _ = enter(app, "east-officer@example.org")
    assert "whole system" in east.get("/workspace/groups").text
    assert (
        east.post("/workspace/groups/confirm", data=form | {"csrf_token": csrf_in(east)}).status_code == 403
    )


@ON_SQLITE
@pytest.mark.parametrize("name", ["Vales\r\nBcc: a@example.org", "=1+1", "Vales \u202e", "V" * 121])
def test_a_group_gets_no_name_that_an_email_or_a_sheet_cannot_hold(app, runtime, name):
    settle(runtime, "officer@example.org")
    with runtime.database.writing() as session:
        east = session.get_one(Place, "east")
        for place in ("lakeside", "woodside"):
            make_place(session, place, parent=east)
    officer, _ = enter(app, "officer@example.org")
    page = officer.get("/workspace/groups").text
    field = re.search(r'name="(name-[^"]+)"', page)[1]
    form = {"csrf_token": csrf_in(officer), "seal": page.split('name="seal" value="')[1][:16]}
    refused = officer.post("/workspace/groups/confirm", data=form | {field: name})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert "has confirmed" not in refused.text
    assert officer.post("/workspace/groups/confirm", data=form | {field: "Vales"}).status_code == 303

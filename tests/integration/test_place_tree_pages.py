"""Places in the browser: added, renamed, moved from a coming quarter on with plain warnings, closed."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from survey_app.ask.outreach.eligibility import left_alone
from survey_app.ask.population.parents import follow_plans
from survey_app.ask.population.tables import Participant, Place
from survey_app.ask.population.tending import stays_of
from survey_app.know.aggregation.grouping import set_group
from survey_app.know.aggregation.units import Units
from tests import factories
from tests.integration.signed_in import csrf_in, enter, settle

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEXT_QUARTER = dt.date(2027, 1, 4)


def administrator(app, runtime, path):
    settle(runtime, "nobody@example.org")
    with runtime.database.writing() as session:
        (staff_id,) = session.scalars(sa.select(Staff.id))
        staff.grant(session, staff_id, Granted(Role.ADMINISTRATOR, path))
    return enter(app, "nobody@example.org")[0]


@pytest.fixture
def top(app, runtime):
    return administrator(app, runtime, "/kmd/")


def post(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_in(client, "/account")} | form)


def test_a_place_is_added_renamed_and_refused_with_the_reason(top, runtime):
    assert post(top, "/workspace/places/east/add", new_name="Mill Brook", code="K9").status_code == 303
    assert post(top, "/workspace/places/east/add", new_name="Mill Brook", code="K10").status_code == 303
    assert post(top, "/workspace/places/mill-brook/name", name="Millbrook").status_code == 303
    with runtime.database.reading() as session:
        made, second = (session.get_one(Place, one) for one in ("mill-brook", "mill-brook-2"))
        assert (made.name, made.kind, made.path) == ("Millbrook", "locality", "/kmd/east/mill-brook/")
        assert second.code == "K10"
    for form, said in (
        ({"new_name": "", "code": "X1"}, "Enter a name"),
        ({"new_name": "=Sum", "code": "X1"}, "run as a formula"),
        ({"new_name": "A", "code": "k9"}, "The code k9 belongs to Millbrook"),
        ({"new_name": "A", "code": "a b"}, "Enter a code"),
    ):
        reply = post(top, "/workspace/places/east/add", **form)
        assert (reply.status_code, said in reply.text) == (422, True), said
    assert "Millbrook" in top.get("/workspace/places").text


@ON_SQLITE
def test_a_move_says_what_it_does_and_history_follows(top, runtime):
    with runtime.database.writing() as session:
        factories.make_place(session, "lakeside", parent=session.get_one(Place, "east"))
        set_group(
            session, group_id="pair", name="The pair", places=["riverside", "lakeside"], from_day=NEXT_QUARTER
        )
    wish = {"parent": "west", "from_day": NEXT_QUARTER.isoformat()}
    page = post(top, "/workspace/places/riverside/move", **wish).text
    for words in (
        "stays with East Kentmere",
        "no longer inside The pair",
        "Lakeside is then alone",
        "one locality left",
    ):
        assert words in page
    assert len(stays(runtime)) == 1  # only shown
    assert post(top, "/workspace/places/riverside/move", **wish, confirmed="yes").status_code == 303
    page = top.get("/workspace/places/riverside").text
    assert "Belongs to East Kentmere until 3 Jan 2027" in page
    assert "Belongs to West Kentmere from 4 Jan 2027" in page
    with runtime.database.writing() as session:
        assert "riverside" not in Units(session).group_on(NEXT_QUARTER)
        follow_plans(session, NEXT_QUARTER)
        assert session.get_one(Place, "riverside").path == "/kmd/west/riverside/"


@ON_SQLITE
def test_a_move_is_only_for_the_beginning_of_a_quarter_and_can_be_taken_back(top, runtime):
    for wish in (
        {"parent": "west", "from_day": "2026-11-09"},
        {"parent": "east", "from_day": "2027-01-04"},
        {"parent": "hilltop", "from_day": "2027-01-04"},
    ):
        assert post(top, "/workspace/places/riverside/move", **wish, confirmed="yes").status_code == 422, wish
    right = {"parent": "west", "from_day": NEXT_QUARTER.isoformat(), "confirmed": "yes"}
    assert post(top, "/workspace/places/riverside/move", **right).status_code == 303
    assert len(stays(runtime)) == 2
    assert post(top, "/workspace/places/riverside/stay").status_code == 303
    assert len(stays(runtime)) == 1
    assert post(top, "/workspace/places/riverside/stay").status_code == 422


def stays(runtime):
    with runtime.database.reading() as session:
        return stays_of(session, session.get_one(Place, "riverside"))


def test_nobody_of_a_closed_place_is_asked_and_what_is_below_closes_first(top, runtime):
    with runtime.database.writing() as session:
        factories.make_participant(session, runtime.keys, place=session.get_one(Place, "riverside"))

    def n_left_alone():
        with runtime.database.reading() as session:
            query = sa.select(Participant.id).where(left_alone(runtime.clock()))
            return len(session.scalars(query).all())

    refused = post(top, "/workspace/places/east/close")
    assert (refused.status_code, "Riverside" in refused.text) == (422, True)
    assert post(top, "/workspace/places/kmd/close").status_code == 422
    assert n_left_alone() == 0
    assert post(top, "/workspace/places/riverside/close").status_code == 303
    assert post(top, "/workspace/places/east/close").status_code == 303
    assert n_left_alone() == 1
    assert post(top, "/workspace/places/riverside/open").status_code == 422
    for place in ("east", "riverside"):
        assert post(top, f"/workspace/places/{place}/open").status_code == 303
    assert n_left_alone() == 0


@ON_SQLITE
def test_an_administrator_of_one_part_knows_nothing_of_another(app, runtime):
    east = administrator(app, runtime, "/kmd/east/")
    tree = east.get("/workspace/places").text
    assert ("Riverside" in tree, "illtop" in tree) == (True, False)
    unknown = east.get("/workspace/places/atlantis")
    assert unknown.status_code == 404
    for place in ("hilltop", "west", "kmd"):
        assert east.get(f"/workspace/places/{place}").data == unknown.data
        assert post(east, f"/workspace/places/{place}/name", name="Mine").status_code == 404
    wish = {"parent": "west", "from_day": NEXT_QUARTER.isoformat(), "confirmed": "yes"}
    assert post(east, "/workspace/places/riverside/move", **wish).status_code == 404
    assert "West" not in east.get("/workspace/places/riverside").text

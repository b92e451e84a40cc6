"""A quarter of a dozen places: compared, by group, and who answered; what is withheld is so in every twin."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from survey_app.ask.outreach.tables import InvitationState
from survey_app.ask.population.tables import Place, PlaceKind, PopulationCount
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Submission
from survey_app.hear.responses.tables import Channel
from survey_app.jobs.counting import nightly
from survey_app.jobs.erasing import erase_person
from survey_app.jobs.worker import draw_comparison, draw_funnels
from survey_app.know.aggregation.grouping import set_group
from survey_app.know.aggregation.streams import Stream
from survey_app.know.disclosure.dispositions import Outcome, asked
from survey_app.know.evidence.places.tables import StoredFinding
from survey_app.show.charts.funnels.store import undrawn
from tests.attacks.ground import ON_SQLITE
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.integration.signed_in import enter, one_hash
from tests.worlds import World, london

QUARTER = dt.date(2026, 9, 28)
NEXT = dt.date(2027, 1, 4)
WEEK = dt.timedelta(weeks=1)
TOWNS = [f"town-{number:02}" for number in range(10)]
ALONE = [*TOWNS, "tiny"]
AGES = ("18-64", "65-79", None)
COMPARE, EQUITY, ANSWERED = (
    "/dashboard/compare/ex.life.mean",
    "/dashboard/equity/ex.life.mean",
    "/dashboard/answered",
)


@pytest.fixture
def world(runtime) -> World:
    world = World(runtime)
    with runtime.database.writing() as session:
        top = make_place(session, "system", kind=PlaceKind.SYSTEM)
        parent = make_place(session, "shire", kind=PlaceKind.PLACE, parent=top)
        other = make_place(session, "coast", kind=PlaceKind.PLACE, parent=top)
        for name in (*ALONE, "brook", "dale"):
            make_place(session, name, parent=parent)
        make_place(session, "bay", parent=other)
        set_group(session, group_id="vales", name="Vales", places=["brook", "dale"], from_day=QUARTER)
        for age in ("18-64", "65-79", "80-over"):
            session.add(PopulationCount(place_id="town-00", category=age, n=100))
    return world


@pytest.fixture
def quarter(world, clock, runtime) -> World:
    """Let towns and two vales answer, one far too little and one far worse than the rest."""
    scored = [option.code for option in world.instrument.item("ex.life").scored]
    with runtime.database.writing() as session:
        for place in (*ALONE, "brook", "dale"):
            # Dale's twelve would leave four of the group behind: neither of the two is shown.
            size = {"tiny": 4, "brook": 12, "dale": 4, "town-09": 26}.get(place, 12)
            for minute in range(size):
                at = london(QUARTER, 9, minute)
                # All of the eldest are four people: a group of its own that must stay hidden.
                age = "80-over" if place == "town-09" and minute < 4 else AGES[minute % 3]
                code = scored[0] if place == "town-09" and minute % 9 else scored[minute % 4]
                person = f"{place}-{minute}"
                world.answer_in(session, person, at, place, category=age, ex_life=code)
    invite(world, "town-00", answered=12, silent=12)
    invite(world, "town-01", answered=12, silent=3)
    night(world, clock, NEXT)
    return world


def invite(world, place, *, answered, silent) -> None:
    runtime = world.runtime
    with runtime.database.writing() as session:
        campaign = make_campaign(session, places=[session.get_one(Place, place)])
        for number in range(answered + silent):
            person = make_participant(session, runtime.keys, place=session.get_one(Place, place))
            facts = {"campaign": campaign, "participant": person, "category": AGES[number % 3]}
            invited_at = london(QUARTER + WEEK, 9)
            invitation, _ = make_invitation(session, runtime.keys, **facts, invited_at=invited_at)
            if number >= answered:
                continue
            given = {item.id: item.scored[number % 2].code for item in world.instrument.items}
            name = f"invitation:{invitation.id}"
            origin = world.origin(name, f"i-{place}-{number}", place, category=AGES[number % 3])
            at = invited_at + dt.timedelta(minutes=number)
            accept(session, Submission(Channel.WEB, name, origin, given, at), runtime.library)
            invitation.state = InvitationState.ANSWERED


def night(world, clock, day) -> None:
    clock.set(london(day, 3, 10))
    nightly(world.runtime, day)


def reader(app, runtime, path="/system/", email="lead@example.org"):
    with runtime.database.writing() as session:
        person = Staff(email=email, name="Lead", password_hash=one_hash(), created_at=runtime.clock())
        session.add(person)
        session.flush()
        staff.grant(session, person.id, Granted(Role.LEAD, path))
    return enter(app, email)[0]


def findings(runtime) -> dict[tuple[str, str, str], str]:
    with runtime.database.reading() as session:
        rows = session.scalars(sa.select(StoredFinding)).all()
        return {(row.kind, row.measure_id, row.place_id): row.document for row in rows}


def draw_one(runtime, measure_id, place_id) -> None:
    with runtime.database.reading() as session:
        todo = next(
            one
            for one in undrawn(session, 50)
            if (one.finding.measure_id, one.finding.place_id) == (measure_id, place_id)
        )
    draw_comparison(runtime, todo)


def test_places_are_compared_and_a_withheld_one_is_hidden_in_every_twin(quarter, app, runtime):
    lead = reader(app, runtime)
    draw_one(runtime, "ex.life.mean", "system")
    page = lead.get(COMPARE).text
    document = lead.get(f"{COMPARE}.json").json
    table = list(csv.DictReader(io.StringIO(lead.get(f"{COMPARE}.csv").text)))
    picture = lead.get(f"{COMPARE}.svg").text

    places = {row["place"]: row for row in document["places"]}
    assert places["tiny"] == {"place": "tiny", "name": "Tiny", "withheld": "small_number"}
    assert places["bay"]["withheld"] == "small_number"
    names = [row["name"] for row in document["places"]]
    assert names == sorted(names) == [row["name"] for row in table]
    assert [row["value"] for row in table] == [str(row.get("value", "")) for row in document["places"]]
    assert places["town-09"]["position"] == "far_below"
    assert places["town-03"]["position"] == "usual"
    assert "Town-09" in picture
    assert "Tiny" not in picture
    assert "Too few answers" in page
    assert f'value="{places["town-03"]["value"]}"' in page
    # Neither of the group may be shown by itself, so the group stands for both, once.
    assert (places["vales"]["n"], "brook" in places, "dale" in places) == (16, False, False)


@ON_SQLITE
def test_groups_of_people_with_a_withheld_one(quarter, app, runtime):
    lead = reader(app, runtime)
    page = lead.get(f"{EQUITY}/system").text
    document = lead.get(f"{EQUITY}/system.json").json["quarters"][0]
    table = list(csv.DictReader(io.StringIO(lead.get(f"{EQUITY}/system.csv").text)))
    by_category = {row["category"]: row for row in document["groups"]}
    assert list(by_category) == ["18-64", "65-79", "80-over", ""]
    assert by_category["80-over"] == {"category": "80-over", "withheld": "small_number"}
    assert len(by_category["18-64"]["difference"]) == 3
    assert (document["no_slope"], "weighted" in document) == ("withheld", False)
    assert [row["withheld"] for row in table] == ["", "", "small_number", "small_number"]
    assert "one has too few answers" in page
    assert by_category[""]["withheld"] == "small_number"  # it would give the four eldest away
    assert "2 groups have too few answers" in page
    assert lead.get(f"{EQUITY}/town-00").status_code == 404  # told apart at parents only


@ON_SQLITE
def test_a_rate_is_told_once_and_only_where_ten_answered_and_ten_did_not(quarter, app, runtime, clock):
    lead = reader(app, runtime)
    town, other, top = (
        lead.get(f"{ANSWERED}/{place}.json").json["answered"][0] for place in ("town-00", "town-01", "system")
    )
    assert town["rate"] == {"n_asked": 24, "rr2": 50, "rr6": 50}
    assert (other["invited"], other["rate"]) == (True, None)
    assert (top["rate"], top["partly"]) == (town["rate"], True)
    assert [part["answers"] is None for part in top["parts"]] == [False, False, True, True]
    assert "No response rate" in lead.get(f"{ANSWERED}/town-01").text
    assert "replies only, no rate" in lead.get(f"{ANSWERED}/town-02").text
    before = findings(runtime)
    for number in range(12):
        erase_person(runtime, f"town-00-{number}".encode().ljust(32, b"."))
    night(quarter, clock, NEXT + WEEK)
    after = findings(runtime)
    told = [key for key in before if key[0] == "answered"]
    assert told
    assert [after[key] for key in told] == [before[key] for key in told]


@ON_SQLITE
def test_a_statement_the_newest_version_lacks_is_left_out_and_an_older_quarter_changes_the_stamp(
    quarter, app, runtime
):
    lead, twin = reader(app, runtime), f"{EQUITY}/system.csv"
    older = {"quarter": QUARTER - 13 * WEEK, "release": "first"}
    with runtime.database.writing() as session:
        where = {"place_id": "system", "quarter": QUARTER}
        answered = session.get_one(
            StoredFinding, {"kind": "answered", "measure_id": "pulse-user-6.replies", **where}
        )
        answered.document = answered.document.replace('"item":"ex.', '"item":"gone.')
        equity = session.get_one(StoredFinding, {"kind": "equity", "measure_id": "ex.life.mean", **where})
        facts = {"kind": equity.kind, "measure_id": equity.measure_id, "document": equity.document}
        session.add(StoredFinding(**facts, **where | older))
    page = lead.get(f"{ANSWERED}/system")
    assert (page.status_code, "Answers are those to" in page.text) == (200, False)
    known = {"If-None-Match": lead.get(twin).headers["ETag"]}
    assert lead.get(twin, headers=known).status_code == 304
    with runtime.database.writing() as session:
        changed = sa.update(StoredFinding).where(StoredFinding.release == "first")
        session.execute(changed.values(release="second"))
    assert lead.get(twin, headers=known).status_code == 200


@ON_SQLITE
def test_comparisons_that_cannot_be_drawn_are_told_of_once_and_keep_no_other_waiting(
    quarter, runtime, caplog
):
    with runtime.database.writing() as session:
        topmost = sa.select(StoredFinding).filter_by(kind="comparison", place_id="system")
        odd = session.scalars(topmost.order_by(StoredFinding.measure_id).limit(1)).one()
        facts = {"kind": odd.kind, "place_id": odd.place_id, "quarter": odd.quarter, "release": "odd"}
        session.add(StoredFinding(**facts, measure_id="aa.gone.mean", document=odd.document))
        odd.release, odd.document = "odd", odd.document.replace('"smoothing":"', '"smoothing":"not ')
    assert [draw_funnels(runtime, 1) for _ in range(2)] == [1, 1]
    told = [record.getMessage() for record in caplog.records if record.name == "survey_app.jobs.worker"]
    assert [message.split(" ")[0] for message in told] == ["aa.gone.mean", "the"]


@ON_SQLITE
def test_people_asked_again_in_a_quarter_count_once_by_how_the_first_time_ended(world, runtime):
    with runtime.database.writing() as session:
        place = session.get_one(Place, "town-00")
        people = [make_participant(session, runtime.keys, place=place) for _ in range(12)]
        for asked_again in range(3):
            campaign = make_campaign(session, places=[place])
            for person in people[:8] if asked_again != 1 else people:
                invited_at = london(QUARTER + (1 + 3 * asked_again) * WEEK, 9)
                facts = {"campaign": campaign, "participant": person, "invited_at": invited_at}
                invitation, _ = make_invitation(session, runtime.keys, **facts)
                # Whoever says stop later did not say so when they were asked first.
                invitation.state = (InvitationState.EXPIRED, InvitationState.CANCELLED)[asked_again > 0]
        stream = Stream(world.instrument.id, world.instrument.version, campaign.audience)
        here = asked(session, stream, QUARTER, lambda one: one, n_items=len(world.instrument.items))
    assert here["town-00"].outcomes == {Outcome.NON_CONTACT: 8, Outcome.REFUSAL: 4}
    assert here["town-00"].categories.total() == 12


@ON_SQLITE
def test_nothing_is_told_before_the_quarter_is_over(world, app, runtime, clock):
    world.crowd(30, QUARTER, "town-00")
    night(world, clock, NEXT - WEEK)
    lead = reader(app, runtime)
    assert "nothing to compare here yet" in lead.get(COMPARE).text
    assert lead.get(f"{COMPARE}.json").status_code == 404
    assert "No quarter is over here yet" in lead.get(f"{ANSWERED}/town-00").text
    assert findings(runtime) == {}


@ON_SQLITE
def test_a_reader_of_one_part_sees_no_comparison_with_places_elsewhere(quarter, app, runtime):
    mine = reader(app, runtime, "/system/coast/")
    foreign, unknown = (mine.get(f"{COMPARE}?place={place}") for place in ("shire", "nowhere"))
    assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert "Town" not in mine.get(COMPARE).text
    assert mine.get(f"{COMPARE}.json?place=system").status_code == 404
    for address in (f"{EQUITY}/shire", f"{ANSWERED}/town-00", f"{ANSWERED}/vales.csv"):
        assert mine.get(address).status_code == 404
    assert "Town" not in mine.get("/dashboard/localities/ex.life.mean").text
    assert mine.get("/dashboard/compare/nothing.mean").status_code == 404


@ON_SQLITE
def test_pages_take_few_queries_however_many_places_there_are(quarter, app, runtime):
    lead = reader(app, runtime)
    addresses = (COMPARE, "/dashboard/localities/ex.life.mean", f"{EQUITY}/system", f"{ANSWERED}/system")
    assert max(queries_of(runtime, lead, address) for address in addresses) <= 18
    series = lead.get("/dashboard/series/ex.life.mean/system").text
    assert "Nobody was invited" not in series
    assert "50% of the 24 people" in series


def queries_of(runtime, client, address) -> int:
    client.get(address)
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    sa.event.listen(runtime.database.engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    sa.event.remove(runtime.database.engine, "before_cursor_execute", note)
    return len(statements)

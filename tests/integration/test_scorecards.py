import re

import pytest
import sqlalchemy as sa

from survey_app.cli.demo.scorecards import PLAN as DEMO
from survey_app.jobs.printing import print_waiting
from survey_app.know.evidence.keeping import save
from survey_app.know.improvement.scorecards import store
from survey_app.know.improvement.scorecards.plan import MOST_MEASURES, Pick, Plan, faults_of
from survey_app.know.measures.measures import MeasureKind
from survey_app.stats.variation import Assurance
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import csrf_in, enter, settle
from tests.papers import NEEDS_PANGO, alternative_texts, n_pages, opened, tagged
from tests.unit.show.charts.example import example

ALL = "/dashboard/scorecards"
SUMMARY = (
    "No real change: it was 63 out of 100 in the week of 16 November 2026, from 1,172 answers, within the "
    "range that chance explains with so many answers (57 to 71)."
)


@pytest.fixture(autouse=True)
def figures(runtime):
    settle(runtime, "lead@example.org", "east@example.org", "east-officer@example.org")
    with runtime.database.writing() as session:
        met = example(place="kmd", target=60.0, assurance=Assurance.INCONSISTENT)
        top = example(place="kmd", measure="ex.say.top")
        save(session, [met, top, example(place="east")], now=runtime.clock())


@pytest.fixture
def lead(app):
    return enter(app, "lead@example.org")[0]


def make(runtime, place, plan):
    with runtime.database.writing() as session:
        made = store.create(session, place, plan, by="Lead", now=runtime.clock())
        store.save_version(session, made, "First", by="Lead", now=runtime.clock())
        return made


def begin(client, **form):
    sent = {"csrf_token": csrf_in(client), "name": "Our board", "owner": "Lead", "place": "kmd"} | form
    return client.post(ALL, data=sent)


def step(client, card, name, /, **form):
    address = f"{ALL}/{card}/edit/{name}"
    seal = re.search(r'name="seal" value="(\w+)"', client.get(address).text)[1]
    return client.post(address, data={"csrf_token": csrf_in(client), "seal": seal} | form)


def test_a_board_is_planned_step_by_step_and_each_version_stays(lead, runtime):
    assert begin(lead).headers["Location"] == f"{ALL}/1/edit/ambition"
    assert step(lead, 1, "ambition", answer="  A say\r\nfor all ").headers["Location"].endswith("/edit/care")
    for name in ("care", "outcomes", "measurable", "use"):
        assert step(lead, 1, name, answer=f"About {name}").status_code == 303
    step(lead, 1, "elements", element=["outcomes.experience.1", "outcomes.experience.3"])
    kept = {
        "measure-outcomes.experience.3": ["ex.say.mean", "ex.say.top", "nothing"],
        "measure-outcomes.experience.1": "ex.say.mean",  # speaks to another element
    }
    step(lead, 1, "measures", **kept)
    move = {"move": "up:outcomes.experience.3", "owner-outcomes.experience.3": "Care team"}
    assert step(lead, 1, "order", **move).headers["Location"].endswith("/edit/order")
    step(lead, 1, "order", move="down:outcomes.experience.3:ex.say.mean", then="leave")
    assert lead.get(f"{ALL}/1").status_code == 404  # there is no board before the first version
    assert step(lead, 1, "check", note="The first").headers["Location"] == f"{ALL}/1"
    with runtime.database.reading() as session:
        first = store.card(session, 1)
    assert first.current.plan.picks == (
        Pick("outcomes.experience.3", ("ex.say.top", "ex.say.mean"), "Care team"),
        Pick("outcomes.experience.1"),
    )
    assert first.draft is None
    board = lead.get(f"{ALL}/1").text
    for words in (
        "A say for all",
        "As much say",
        "Care team",
        "Better: it was 66",
        "now and then",
        ">60<",
        "2 of 2 measures",
        "not measured yet:</strong> Living the life I want.",
    ):
        assert words in board
    step(lead, 1, "name", name="Another name", owner="")
    assert "Our board" in lead.get(f"{ALL}/1").text  # a draft changes nothing yet
    step(lead, 1, "check", note="Renamed")
    history = lead.get(f"{ALL}/1/versions").text
    assert history.index("Renamed") < history.index("The first")
    old = lead.get(f"{ALL}/1/versions/1").text
    assert "Our board: the plan" in old
    assert "An older version" in old
    assert lead.get(f"{ALL}/1/versions/3").status_code == 404


@ON_SQLITE
def test_a_draft_that_somebody_else_saved_is_not_overwritten(lead):
    begin(lead)
    seal = re.search(r'name="seal" value="(\w+)"', lead.get(f"{ALL}/1/edit/use").text)[1]
    step(lead, 1, "use", answer="Theirs")
    late = {"csrf_token": csrf_in(lead), "seal": seal, "answer": "Mine"}
    reply = lead.post(f"{ALL}/1/edit/use", data=late)
    assert reply.status_code == 409
    assert "Somebody else has saved" in reply.text
    assert "Theirs" in reply.text


@ON_SQLITE
def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(lead):
    begin(lead)
    for name, form, told in (
        ("name", {"name": " ", "owner": "x"}, "Give the scorecard a name"),
        ("name", {"name": "n" * 81}, "at most 80 letters"),
        ("use", {"answer": "<b>\x07"}, "use plain text"),
        ("use", {"answer": "y" * 2001}, "You have 2001"),
        ("elements", {"element": "nowhere"}, "Choose at least one element"),
        ("check", {"note": "Kept words"}, "Choose at least one measure"),
    ):
        reply = step(lead, 1, name, **form)
        assert reply.status_code == 422
        assert told in reply.text
    assert "Kept words" in reply.text
    assert begin(lead, name="").status_code == 422


@ON_SQLITE
def test_only_who_leads_at_its_place_changes_a_scorecard_and_others_in_scope_read_it(app, runtime, lead):
    east = make(
        runtime, "east", Plan("Of the east", "", picks=(Pick("outcomes.experience.3", ("ex.say.mean",)),))
    )
    system = make(runtime, "kmd", DEMO)
    east_lead, officer = enter(app, "east@example.org")[0], enter(app, "east-officer@example.org")[0]
    assert "Of the east" in officer.get(ALL).text
    assert "Joined-up" not in officer.get(ALL).text
    assert officer.get(f"{ALL}/{east}/icons").status_code == 200
    assert officer.get(f"{ALL}/{east}/edit/name").status_code == 403
    form = {"csrf_token": csrf_in(east_lead)}
    for end in ("", "/icons", "/versions", "/versions/1", "/edit/name"):
        assert east_lead.get(f"{ALL}/{system}{end}").data == east_lead.get(f"{ALL}/99{end}").data
    for end in ("/document", "/edit/name", "/discard"):
        assert east_lead.post(f"{ALL}/{system}{end}", data=form).status_code == 404
    assert begin(east_lead, place="kmd").status_code == 404
    begin(east_lead, place="east")
    assert "Our board" in lead.get(ALL).text
    assert "Our board" not in officer.get(ALL).text  # a plan that nobody has agreed yet
    assert lead.post(f"{ALL}/3/discard", data={"csrf_token": csrf_in(lead)}).status_code == 303
    with runtime.database.reading() as session:
        assert store.card(session, 3) is None


@ON_SQLITE
def test_a_board_costs_the_same_queries_whatever_its_size(runtime, lead):
    small = make(runtime, "kmd", Plan("One", "", picks=(Pick("outcomes.experience.3", ("ex.say.mean",)),)))
    large = make(runtime, "kmd", DEMO)
    seen = []
    sa.event.listen(runtime.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert lead.get(f"{ALL}/{small}").status_code == 200
    n_small = len(seen)
    assert lead.get(f"{ALL}/{large}").status_code == 200
    assert len(seen) == 2 * n_small


@NEEDS_PANGO
@ON_SQLITE
def test_the_largest_board_is_one_tagged_page(runtime, lead):
    longest = sorted(
        (m for m in runtime.measures.all() if m.elements and m.kind is not MeasureKind.REPLIES),
        key=lambda measure: (-len(measure.title), measure.id),
    )[:MOST_MEASURES]
    changed = {"place": "kmd", "target": 60.0, "assurance": Assurance.FAIL, "summary": SUMMARY}
    with runtime.database.writing() as session:
        save(session, [example(measure=one.id, **changed) for one in longest], now=runtime.clock())
    picks = tuple(Pick(one.elements[0], (one.id,), "Integration and carers' lead") for one in longest)
    plan = Plan(
        "A name that is as long as names of boards may be, in eighty letters or fewer", "L" * 40, {}, picks
    )
    assert faults_of(plan) == []
    card = make(runtime, "kmd", plan)
    page = lead.post(f"{ALL}/{card}/document", data={"csrf_token": csrf_in(lead)}).headers["Location"]
    assert print_waiting(runtime) == 1
    pdf = lead.get(f"{page}.pdf").data
    assert n_pages(pdf) == 1
    assert {"Table", "TH", "TD", "Figure", "H1"} <= tagged(pdf)
    assert b"/Lang (en)" in opened(pdf)
    words = alternative_texts(pdf)
    assert words.count("Better: higher than chance explains") == MOST_MEASURES
    assert words.count("Target will be missed") == MOST_MEASURES
    assert len(words) == 3 * MOST_MEASURES

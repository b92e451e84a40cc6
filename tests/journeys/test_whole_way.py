"""The whole way of an answer: from a list of people to a point on a chart, through every door."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import re

import pytest
from playwright.sync_api import expect

from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Consent, Participant
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.cli.counting import groups, nightly, series, top_up
from survey_app.cli.people import people, places
from survey_app.cli.staff import staff
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.responses.tables import Answer, Response, ResponseState, SubmissionRow
from survey_app.hear.safeguarding.tables import Alert
from survey_app.jobs.worker import draw_some
from tests.live import Live, live
from tests.worlds import MONDAY, london

pytestmark = pytest.mark.browser

PASSWORD = "river candle orbit"
PLACES = """id,name,kind,code,parent
kmd,Kentmere,system,K1,
east,East Kentmere,place,K2,kmd
riverside,Riverside,locality,K3,east
hilltop,Hilltop,locality,K4,east
moor,Moor,locality,K5,east
"""
PHONES = [f"+447700900{number:03}" for number in range(1, 31)]
TAPPED = PHONES[:3]
TEXTED = PHONES[3:22]
STOPPED, HURT, SILENT = PHONES[22], PHONES[23], PHONES[24:27]
REFUSED = PHONES[27]
ELSEWHERE = PHONES[28:]
POCKET = {"width": 360, "height": 740}
DAY = dt.timedelta(days=1)
TUESDAY = MONDAY + DAY
FIGURE = "/dashboard/series/ex.life.mean/riverside"


def people_csv() -> str:
    rows = ["reference,audience,locality,practice,phone,channel,language,consent"]
    for number, phone in enumerate(PHONES):
        place = "hilltop" if phone in ELSEWHERE else "riverside"
        consent = "withdrawn" if phone == REFUSED else "given"
        channel = "web" if phone in TAPPED else "text"
        rows.append(f"P{number:02},user,{place},,{phone},{channel},en,{consent}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def house(runtime, tmp_path):
    """A running house with places, people and two members of staff, set up by its commands."""
    runtime.clock.set(london(MONDAY, 9))
    with live(runtime) as running:
        for name, text in (("places", PLACES), ("people", people_csv())):
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        assert "5 places" in running.command(places, "import", str(tmp_path / "places.csv"))
        assert "30 people added" in running.command(people, "import", str(tmp_path / "people.csv"))
        running.command(groups, "set", "hilltop-moor", "hilltop", "moor", "--name", "Hilltop and Moor")
        for role in ("survey_officer", "lead"):
            person = (f"{role}@example.org", "--name", "Kim", "--role", role, "--place", "kmd")
            running.command(staff, "add", *person, "--password", PASSWORD)
        running.command(nightly)
        yield running


@pytest.fixture
def browse(browser, house):
    """Open browser windows, each with its own cookies; what a browser complains of fails the test."""
    contexts, complaints = [], []

    def window(**more):
        context = browser.new_context(base_url=house.base, **more)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        return page

    yield window
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page, role):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{role}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")


def go_on(page):
    page.get_by_role("button", name="Continue").click()


def make_campaign(page):
    sign_in(page, "survey_officer")
    page.goto("/workspace/campaigns/new")
    page.get_by_label("Name", exact=True).fill("Autumn")
    page.get_by_label("Questions", exact=True).select_option("pulse-user-6:1")
    go_on(page)
    page.get_by_label("Riverside").check()
    page.get_by_label("Hilltop").check()
    go_on(page)
    page.get_by_label("Rhythm").select_option("once")
    page.get_by_label("People a locality a week").fill("")
    go_on(page)
    page.get_by_label("First day").fill(str(MONDAY))
    go_on(page)
    page.get_by_role("button", name="Make the survey").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Running")).to_be_visible()


def tap_through(house: Live, page, phone, choices):
    page.goto(house.link_on(phone))
    page.get_by_role("button", name="Start now").click()
    for number, choice in enumerate(choices, start=1):
        expect(page.get_by_text(f"Question {number} of ")).to_be_visible()
        house.runtime.clock.advance(seconds=5)
        page.locator(".nhsuk-radios__label").nth(choice).click()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def scripts(house: Live):
    """What each texting person sends, and the codes that must come of it."""
    for number, phone in enumerate(TEXTED):
        wishes = [
            item.options[(number + place) % len(item.options)].code
            for place, item in enumerate(items_of(house))
        ]
        said = [str(code) for code in wishes]
        if number % 3 == 1:
            wishes[0], said[0] = 3, "Mostly"
            wishes[2], said[2] = 4, "yes fully thanks"
            wishes[5], said[5] = 3, "does not apply"
        if number == 2:
            wishes[1], said[1] = None, "SKIP"
        if number == 3:
            wishes[0], said = 4, ["1", "BACK", "4", *said[1:]]
        yield phone, said, wishes


def everybody_taps(house: Live, browse):
    """Answer on pages, with scripts and without; return the codes that must come of it."""
    choices = ([2, 2, 2, 0, 2, 2], [0, 1, 2, 1, 4, 0], [3, 3, 3, 0, 3, 3])
    windows = ({"has_touch": True}, {"has_touch": True}, {"java_script_enabled": False})
    for phone, chosen, more in zip(TAPPED, choices, windows, strict=True):
        tap_through(house, browse(viewport=POCKET, **more), phone, chosen)
    return {
        phone: [item.options[choice].code for item, choice in zip(items_of(house), chosen, strict=True)]
        for phone, chosen in zip(TAPPED, choices, strict=True)
    }


def everybody_texts(house: Live):
    """Let everybody send their next text, then the product its replies, until nobody has more to say."""
    lines = {phone: ["1", *said] for phone, said, _ in scripts(house)}
    for step in itertools.zip_longest(*lines.values()):
        for phone, body in zip(lines, step, strict=True):
            if body is not None:
                house.runtime.clock.advance(seconds=3)
                house.text(phone, body)
        house.deliver()
    return {phone: wishes for phone, _, wishes in scripts(house)}


def items_of(house: Live):
    return house.runtime.library.get("pulse-user-6", 1).items


def answers_of(house: Live, state=ResponseState.FINISHED):
    """Return the answers of each response in a state, in order of the items, by the person's phone."""
    numbers = {row.id: PHONES[int(row.reference[1:])] for row in house.rows(Participant)}
    invited = {f"invitation:{row.id}": numbers[row.participant_id] for row in house.rows(Invitation)}
    given = {(row.response_id, row.item_id): row.code for row in house.rows(Answer)}
    done = [row for row in house.rows(Response) if row.state is state]
    return {
        invited[row.origin]: [given.get((row.id, item.id), "none") for item in items_of(house)]
        for row in done
    }


def send_invitations(house: Live):
    for hour in range(9, 19):
        house.runtime.clock.set(london(MONDAY, hour))
        house.round()
    house.runtime.clock.set(london(MONDAY, 19, 50))
    house.round()
    house.round()


def test_from_a_list_of_people_to_a_point_on_a_chart(house, browse):
    make_campaign(browse())
    send_invitations(house)
    assert [phone for phone in PHONES if len(house.inbox(phone)) != 1] == [REFUSED]

    house.runtime.clock.set(london(TUESDAY, 10))
    house.command(nightly)
    expected = everybody_taps(house, browse) | everybody_texts(house)
    assert answers_of(house) == expected
    stop_and_danger(house)
    every_text_had_one_effect(house)

    assert "1 blocks closed" in house.command(top_up)
    page = browse()
    sign_in(page, "lead")
    point_is_provisional(page)
    week_goes_by(house)
    sign_in(page, "lead")
    point_is_final(house, page, [row[0] for row in expected.values()])
    silent_people_hear_twice_and_others_no_more(house)


def every_text_had_one_effect(house: Live):
    assert len(house.rows(InboundMessage)) == sum(1 + len(said) for _, said, _ in scripts(house)) + 5
    assert len(house.rows(SubmissionRow)) == 3 * 6 + 19 * 6 + 1 + 1
    assert {row.state for row in house.rows(Message)} == {MessageState.ACCEPTED}
    assert {row.delivery for row in house.rows(Message) if row.kind is not MessageKind.ALERT} == {"delivered"}


def point_is_provisional(page):
    page.goto(FIGURE)
    expect(page.get_by_text("The picture is being drawn")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_text("Still counting", exact=True)).to_be_visible()
    assert [point["n"] for point in twin(page, "json")["points"]] == [10]


def stop_and_danger(house: Live):
    house.text(STOPPED, "1")
    house.deliver()
    house.text(STOPPED, "2")
    house.deliver()
    house.text(STOPPED, "STOP")
    house.deliver()
    house.text(HURT, "1")
    house.deliver()
    house.text(HURT, "I want to end my life 3")
    house.deliver()
    assert "116 123" in house.inbox(HURT)[-1]
    (alert,) = house.rows(Alert)
    assert alert.place_id == "riverside"
    assert HURT not in answers_of(house, ResponseState.STARTED)
    assert answers_of(house, ResponseState.STARTED) == {STOPPED: [2, *["none"] * 5]}
    people_now = {row.reference: row.consent for row in house.rows(Participant)}
    assert people_now[f"P{PHONES.index(STOPPED):02}"] is Consent.WITHDRAWN
    with house.runtime.database.reading() as session:
        assert is_suppressed(session, phone_index(house.runtime.keys, STOPPED))


def week_goes_by(house: Live):
    for number in range(2, 8):
        house.runtime.clock.set(london(MONDAY + number * DAY, 3, 10))
        house.command(nightly)
        house.runtime.clock.set(london(MONDAY + number * DAY, 11))
        house.round()
    while draw_some(house.runtime):
        pass


def twin(page, ending):
    reply = page.request.get(f"{FIGURE}.{ending}")
    assert reply.status == 200
    return reply.json() if ending == "json" else reply.body()


def point_is_final(house: Live, page, first_answers):
    scored = [code - 1 for code in first_answers if code]
    page.goto("/dashboard/places/riverside")
    page.get_by_role("link", name=re.compile("Living the way I want")).first.click()
    assert page.url == f"{house.base}{FIGURE}"
    document = twin(page, "json")
    (point,) = document["points"]
    assert (point["n"], point["provisional"]) == (len(scored), False)
    assert point["value"] == pytest.approx(100 * sum(scored) / (3 * len(scored)), abs=0.051)
    (row,) = csv.DictReader(io.StringIO(twin(page, "csv").decode(), newline=""))
    assert float(row["value"]) == point["value"]
    assert page.locator("tbody data").get_attribute("value") == str(point["value"])
    assert document == json.loads(house.command(series, "--measure", "ex.life.mean", "--place", "riverside"))
    assert page.locator("figure img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert twin(page, "svg").startswith(b"<?xml") or twin(page, "svg").startswith(b"<svg")
    assert twin(page, "png").startswith(b"\x89PNG")
    assert document["summary"] in page.locator("main").inner_text()
    page.goto("/workspace/alerts")
    expect(page.get_by_text("I want to end my life 3")).to_be_visible()


def silent_people_hear_twice_and_others_no_more(house: Live):
    for phone in (*SILENT, *ELSEWHERE):
        assert [text.startswith("Reminder") for text in house.inbox(phone)] == [False, True]
    assert "unsubscribed" in house.inbox(STOPPED)[-1]
    for phone in (*TAPPED, *TEXTED, STOPPED, REFUSED):
        assert not any(text.startswith("Reminder") for text in house.inbox(phone))
    states = [row.state for row in house.rows(Invitation)]
    assert states.count(InvitationState.ANSWERED) == 22
    assert states.count(InvitationState.CANCELLED) == 1

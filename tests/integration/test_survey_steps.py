"""A survey made in steps, tried dry, followed and copied; the questions looked at first."""

import html
import re

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.rehearsal import rehearse
from survey_app.ask.outreach.tables import Campaign, Draw, Invitation
from survey_app.ask.population.tables import Place
from survey_app.ask.sending.tables import Message
from survey_app.jobs.outgoing import round_of_invitations as ask
from tests.factories import make_participant
from tests.integration.signed_in import enter, settle
from tests.integration.test_workspace import NEW, send

NEWS = "/workspace/campaigns/new"


@pytest.fixture
def officer(app, runtime):
    settle(runtime, "officer@example.org")
    with runtime.database.writing() as session:
        for _ in range(30):
            make_participant(session, runtime.keys, place=session.get_one(Place, "riverside"))
    return enter(app, "officer@example.org")[0]


def carried(page):
    hidden = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page)
    found = {}
    for name, value in hidden:
        found.setdefault(name, []).append(html.unescape(value))
    return {name: values for name, values in found.items() if name != "csrf_token"}


def test_each_page_asks_one_thing_and_carries_the_rest(officer, runtime):
    first = officer.get(NEWS).text
    assert "step 1 of 5" in first
    second = officer.get(
        NEWS,
        query_string=carried(first)
        | {"step": "where", "name": "Autumn", "instrument": "pulse-user-6:1", "rota_items": ""},
    ).text
    assert "Where?" in second
    third = officer.get(
        NEWS, query_string=carried(second) | {"step": "how", "localities": ["riverside"]}
    ).text
    assert "How are people asked" in third
    fourth = officer.get(
        NEWS,
        query_string=carried(third)
        | {"step": "when"}
        | {
            name: NEW[name]
            for name in ("channels", "rhythm", "weekly_sample", "window_days", "reminder_days")
        },
    ).text
    assert "step 4 of 5" in fourth
    last = officer.get(
        NEWS,
        query_string=carried(fourth)
        | {"step": "check", "starts_on": "2026-11-09", "ends_on": "2027-05-02", "budget": ""},
    ).text
    assert "40 people at 30%: about 12 replies a week, a figure every two weeks." in last
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 0
    made = send(officer, NEWS, **carried(last))
    assert (made.status_code, made.headers["Location"]) == (303, "/workspace/campaigns/1")


def test_a_page_left_with_a_fault_is_asked_again(officer):
    page = officer.get(
        NEWS,
        query_string={
            "step": "when",
            "name": "",
            "instrument": "pulse-user-6:1",
            "localities": ["riverside"],
        },
    ).text
    assert "step 1 of 5" in page
    assert "Enter a name" in page


@pytest.mark.parametrize(
    ("sent", "at", "said"),
    [
        ({"weekly_sample": "many"}, "step 3 of 5", "Enter a whole number, for example 50"),
        ({"starts_on": "next Monday"}, "step 4 of 5", "Enter the day as year-month-day"),
        ({"ends_on": "2026-11-01"}, "step 4 of 5", "The last day must not be before the first"),
        ({"budget": "a lot"}, "step 4 of 5", "Enter a whole number, for example 50"),
        ({"budget": "\N{POUND SIGN}50"}, "step 5 of 5", "50"),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words_on_the_page_that_asks_it(officer, sent, at, said):
    page = officer.get(NEWS, query_string=NEW | {"step": "check"} | sent).text
    assert at in page
    assert said in html.unescape(page)
    assert "Not a valid" not in page


def test_a_copy_says_everything_but_the_name_and_the_days(officer):
    send(officer, NEWS, **NEW | {"weekly_sample": "33", "channels": ["web"]})
    link = re.search(r'href="(/workspace/campaigns/new\?[^"]+)"', officer.get("/workspace/campaigns/1").text)[
        1
    ]
    page = officer.get(html.unescape(link)).text
    assert 'value="Copy of Autumn"' in page
    said = carried(page)
    assert (said["weekly_sample"], said["channels"], said["localities"]) == (["33"], ["web"], ["riverside"])


def test_a_dry_run_asks_whom_the_draw_then_asks_and_stores_nothing(officer, runtime):
    send(officer, NEWS, **NEW | {"weekly_sample": "7"})
    now = runtime.clock()
    with runtime.database.reading() as session:
        tried = rehearse(session, session.get_one(Campaign, 1), now)
    page = officer.get("/workspace/campaigns/1/dry-run").text
    assert (tried.n_drawn, tried.localities[0].n_ready) == (7, 30)
    assert "<strong>7</strong> people would be asked" in page
    with runtime.database.reading() as session:
        for table in (Draw, Invitation, Message):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_an_open_page_follows_a_survey_in_steps_of_ten(officer, runtime):
    send(officer, NEWS, **NEW | {"weekly_sample": "7", "starts_on": "2026-11-02"})
    send(officer, "/workspace/campaigns/1/start")
    address = "/workspace/campaigns/1/progress"
    before = officer.get(address)
    assert officer.get(address, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    ask(runtime)
    after = officer.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert "<strong>7</strong> people drawn so far" in after.text
    assert "under 10</strong> answered" in after.text


def test_the_library_shows_wording_licence_and_every_way_of_asking(officer):
    assert "Not validated" in officer.get("/workspace/library").text
    page = officer.get("/workspace/library/pulse-user-6/v1?language=cy").text
    assert "MIT" in page
    assert "Machine-drafted" in page
    assert 'class="app-bubble" lang="cy"' in page
    assert "ask the same in the same way" in officer.get("/workspace/library/pulse-user-6/v1/since/1").text
    assert officer.get("/workspace/library/nothing/v1").status_code == 404

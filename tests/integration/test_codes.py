"""Codes at the doors: posters, letters, a shared screen; guesses, repeats, the next person."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.app import create_app
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.codes.tables import Start
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.tables import ChannelChoice
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState
from survey_app.jobs.counting import top_up
from tests.attacks.ground import ON_SQLITE, all_of, everything, seal_of
from tests.factories import make_campaign, make_invitation, make_participant, make_place

pytestmark = ON_SQLITE
WRONG = "00000-00000-1"


@pytest.fixture
def codes(runtime):
    """A poster's code and a letter's code, as printed."""
    keys, now = runtime.keys, runtime.clock()
    with runtime.database.writing() as session:
        place = make_place(session)
        person = make_participant(session, keys, place=place, channel=ChannelChoice.LETTER)
        campaign = make_campaign(session, places=[place])
        make_invitation(session, keys, campaign=campaign, participant=person)
        poster = making.poster(session, campaign, place.id, "Door", keys=keys, now=now)
        (letter,) = making.letters(session, campaign.id, keys=keys, now=now)
        return [making.printed(keys, code) for code in (poster, letter)]


def answer_all(client, runtime, address, last=6):
    for number in range(1, last + 1):
        form = {"seal": seal_of(client.get(f"{address}/{number}")), "answer": "2"}
        runtime.clock.advance(seconds=5)
        assert client.post(f"{address}/{number}", data=form).status_code == 303


def test_a_poster_opens_a_survey_for_everybody_who_presses_start(client, runtime, codes):
    poster, _ = codes
    before = everything(runtime.database)
    page = client.get(f"/q/{poster.lower().replace('-', ' ')}")
    client.get("/q")
    assert everything(runtime.database) == before
    assert "Nobody knows it is you" in page.text
    form = {"seal": seal_of(page)}
    first, twice = (client.post(f"/q/{poster}", data=form).headers["Location"] for _ in range(2))
    second = client.post(f"/q/{poster}", data={"seal": seal_of(client.get(f"/q/{poster}"))})
    assert first == twice != second.headers["Location"]
    address = first.rpartition("/")[0]
    assert "/stop/" not in client.get(first).text
    answer_all(client, runtime, address)
    done = client.get(f"{address}/done")
    assert "kept apart" in done.text
    assert "/stop/" not in done.text
    assert f'href="{address}/call"' in done.text
    assert client.get(f"/stop/{address[3:]}").status_code == 404
    (response,) = all_of(runtime.database, Response)
    assert (response.state, response.channel, response.place_id) == (
        ResponseState.FINISHED,
        Channel.WEB,
        "riverside",
    )
    assert len(all_of(runtime.database, Start)) == 2
    assert client.post(f"/q/{poster}", data={"seal": "forged"}).status_code == 400


def test_a_typed_letter_code_opens_the_letters_own_survey_and_is_answered_once(client, runtime, codes):
    _, letter = codes
    reply = client.post("/q", data={"code": letter.lower()})
    assert reply.headers["Location"].startswith("/s/")
    assert client.get(f"/q/{letter}").headers["Location"] == reply.headers["Location"]
    answer_all(client, runtime, reply.headers["Location"])
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.state is InvitationState.ANSWERED
    again = client.get(client.post("/q", data={"code": letter}).headers["Location"])
    assert "already answered" in again.text


def test_guesses_run_out_and_then_not_even_a_right_code_tells_anything(client, codes):
    poster, letter = codes
    wrong = {client.post("/q", data={"code": WRONG}).status_code for _ in range(10)}
    wrong |= {client.get(f"/q/{WRONG}").status_code for _ in range(10)}
    assert wrong == {404}
    tries = [client.post("/q", data={"code": code}).status_code for code in (WRONG, letter, poster)]
    assert tries == [429, 429, 429]
    elsewhere = {"REMOTE_ADDR": "10.9.8.7"}
    assert client.post("/q", data={"code": letter}, environ_overrides=elsewhere).status_code == 303


def test_no_wrong_code_is_told_from_another(client, codes):
    almost = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    pages = [client.get(f"/q/{text}") for text in (WRONG, almost)]
    plain = {re.sub(r'value="[^"]*"', "", page.text) for page in pages}
    assert len(plain) == 1
    assert {page.status_code for page in pages} == {404}


def test_a_poster_ends_with_its_code_and_with_its_campaign(client, runtime, codes, clock):
    form = {"seal": seal_of(client.get(f"/q/{codes[0]}"))}
    with runtime.database.writing() as session:
        code = making.find(session, runtime.keys, codes[0])
        making.end(session, code.id, clock())
    assert client.get(f"/q/{codes[0]}").status_code == 410
    assert client.post(f"/q/{codes[0]}", data=form).status_code == 410
    assert client.get(f"/kiosk/{codes[0]}").status_code == 410
    assert all_of(runtime.database, Start) == []


def test_a_code_opens_only_so_many_surveys_a_day(runtime, codes):
    few = replace(runtime, settings=replace(runtime.settings, poster_starts_a_day=2))
    client = create_app(few).test_client()

    def press():
        seal = seal_of(client.get(f"/q/{codes[0]}"))
        return client.post(f"/q/{codes[0]}", data={"seal": seal}).status_code

    assert [press() for _ in range(3)] == [303, 303, 429]


def test_answers_nobody_was_invited_to_settle_but_never_wait_for_a_block(client, runtime, codes):
    for _ in range(2):
        page = client.get(f"/q/{codes[0]}")
        address = client.post(f"/q/{codes[0]}", data={"seal": seal_of(page)}).headers["Location"]
        answer_all(client, runtime, address.rpartition("/")[0])
    top_up(runtime)
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Response.settled_at.is_not(None))) == 2
    rows = everything(runtime.database)
    assert rows["pooled"] == rows["block"] == rows["figure"] == []


def test_a_shared_screen_shows_the_next_person_nothing_of_the_last(client, runtime, codes):
    home = f"/kiosk/{codes[0]}"
    page = client.get(home)
    first = client.post(home, data={"seal": seal_of(page)}).headers["Location"]
    assert client.post(home, data={"seal": seal_of(page)}).headers["Location"] == first
    shown = client.get(first)
    assert f'content="60;url={home}"' in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    runtime.clock.advance(seconds=5)
    second = client.post(first, data={"seal": seal_of(shown), "answer": "2"}).headers["Location"]
    assert "checked" not in client.get(first).text
    assert client.get(f"/s/{first.split('/')[3]}/1").status_code == 404
    runtime.clock.advance(seconds=120)
    late = client.get(second)
    assert (late.status_code, late.headers["Location"]) == (303, home)
    runtime.clock.advance(hours=2)
    top_up(runtime)
    other = client.post(home, data={"seal": seal_of(client.get(home))}).headers["Location"]
    assert other != first
    answer_all(client, runtime, other.rpartition("/")[0])
    done = client.get(f"{home}/done")
    assert "Clear-Site-Data" in done.headers
    assert client.get(other).headers["Location"] == home
    responses = all_of(runtime.database, Response)
    assert {row.channel for row in responses} == {Channel.KIOSK}
    assert len({row.person for row in responses}) == 2
    assert len(all_of(runtime.database, Answer)) == 7


def test_a_shared_screens_survey_opens_only_on_that_screen(client, runtime, codes):
    own = client.post(f"/q/{codes[0]}", data={"seal": seal_of(client.get(f"/q/{codes[0]}"))})
    token = own.headers["Location"].split("/")[2]
    assert client.get(f"/kiosk/{codes[0]}/{token}/1").status_code == 404
    assert client.get(f"/kiosk/{codes[1]}").status_code == 404

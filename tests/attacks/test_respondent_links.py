"""Links in strangers' hands: scanners, guesses, replays, the next person; rows A001-A034."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.app import create_app
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population import consent
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Participant, Place
from survey_app.hear.responses.tables import Response, ResponseState
from survey_app.web.access import Who, who_may
from tests.attacks.ground import ON_SQLITE, PHONE, all_of, everything, seal_of
from tests.factories import make_campaign, make_invitation, make_participant

SCANNERS = ("GoogleMessages", "WhatsApp/2", "facebookexternalhit/1.1", "BingPreview/1.0b", "curl/8")
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}
PEOPLE = "reference,audience,locality,practice,phone,channel,language,consent\n"


def addresses(token):
    return [f"/s/{token}", f"/s/{token}/1", f"/s/{token}/6", f"/s/{token}/done", f"/stop/{token}"]


def test_a001_a033_looking_changes_no_row_of_any_table(client, runtime, token):
    before = everything(runtime.database)
    for agent in SCANNERS:
        for address in [*addresses(token), f"/s/{token}/1?answer=4&seal=x&skipped=yes"]:
            for method in ("GET", "HEAD", "OPTIONS"):
                reply = client.open(address, method=method, headers=PREFETCH | {"User-Agent": agent})
                assert reply.status_code < 400, (method, address)
    assert everything(runtime.database) == before


@ON_SQLITE
def test_a004_a_scanner_that_posts_every_form_at_once_never_finishes(client, runtime, token, form_of):
    for number in range(1, 7):
        client.post(f"/s/{token}/{number}", data=form_of(token, number, seconds=0.2))
    (response,) = all_of(runtime.database, Response)
    assert response.state is ResponseState.QUARANTINED
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.state is InvitationState.OPEN


@pytest.mark.parametrize("end", ["the window is over", "the person stopped", "the invitation was cancelled"])
@ON_SQLITE
def test_a008_a_captured_form_is_worth_nothing_after_the_end(client, runtime, token, form_of, clock, end):
    form = form_of(token)
    if end == "the window is over":
        clock.advance(days=20)
    elif end == "the person stopped":
        client.post(f"/stop/{token}", data={"seal": seal_of(client.get(f"/stop/{token}"))})
    else:
        with runtime.database.writing() as session:
            session.execute(sa.update(Invitation).values(state=InvitationState.CANCELLED))
    before = everything(runtime.database)
    assert client.post(f"/s/{token}/1", data=form).status_code == 410
    assert client.get(f"/s/{token}/1").status_code == 410
    assert everything(runtime.database) == before


@ON_SQLITE
def test_a009_a_changed_answer_replaces_and_a_finished_survey_takes_none(
    client, runtime, token, finish, form_of
):
    late = form_of(token, 2, "1")
    finish(token)
    before = everything(runtime.database)
    assert client.post(f"/s/{token}/2", data=late).location == f"/s/{token}"
    after = everything(runtime.database)
    assert before | {"submission": []} == after | {"submission": []}  # its key is kept, its answer is not
    assert client.put(f"/s/{token}/2", data=late).status_code == 405


@ON_SQLITE
def test_a010_a_guesser_is_slowed_and_a_holder_on_the_same_address_is_served(client, token):
    codes = [client.get(f"/s/{number:022}").status_code for number in range(40)]
    assert codes[:20] == [404] * 20
    assert codes[20:] == [429] * 20
    assert client.get(f"/s/{token}").status_code == 200
    assert client.get(f"/stop/{token}").status_code == 200
    assert client.get(f"/stop/{'1' * 22}").status_code == 429


@ON_SQLITE
def test_a094_a_forwarded_address_no_proxy_vouches_for_does_not_reset_the_budget(client):
    codes = [
        client.get(f"/s/{n:022}", headers={"X-Forwarded-For": f"10.0.0.{n}, 10.1.1.{n}"}).status_code
        for n in range(30)
    ]
    assert codes.count(429) == 10


@pytest.mark.parametrize("tail", [".", ")", ">", ",", "!", "\u200b", "\ufeff", "%20", ".)", "'", "%E2%80%9D"])
@ON_SQLITE
def test_a012_what_phones_add_to_a_link_is_taken_off(client, token, tail):
    assert client.get(f"/s/{token}{tail}").status_code == 200
    assert client.get(f"/stop/{token}{tail}").status_code == 200


@ON_SQLITE
def test_a012_a_changed_letter_opens_nothing(client, token):
    swapped = token[:-1] + ("a" if token[-1] != "a" else "b")
    for wrong in (swapped, token.swapcase(), token[:-1], token[1:], token * 2, token + "%00", "%00" + token):
        expected = 200 if wrong == token + "%00" else 404
        assert client.get(f"/s/{wrong}").status_code == expected, wrong


@ON_SQLITE
def test_a013_every_link_that_opens_nothing_looks_the_same(client, token):
    replies = [client.get(f"/s/{wrong}") for wrong in ("1" * 22, "é" * 22, "x", token[::-1], "a" * 3000)]
    assert {(reply.status_code, reply.data) for reply in replies} == {(404, replies[0].data)}
    nonce_free = [{k: v for k, v in reply.headers if k != "Content-Security-Policy"} for reply in replies]
    assert all(headers == nonce_free[0] for headers in nonce_free)


@ON_SQLITE
def test_a014_a056_the_database_holds_neither_token_nor_number(client, runtime, token, finish):
    finish(token)
    dump = repr(everything(runtime.database))
    for secret in (token, PHONE, PHONE[3:], repr(token.encode())[2:-1]):
        assert secret not in dump


@ON_SQLITE
def test_a015_a_token_opens_only_what_it_was_made_for(client, runtime, token, form_of):
    other = invited_again(runtime)
    mine = form_of(token)
    stop = {"seal": seal_of(client.get(f"/stop/{token}"))}
    before = everything(runtime.database)
    assert client.post(f"/s/{other}/1", data=mine).status_code == 400
    assert client.post(f"/s/{token}/2", data=mine).status_code == 400
    assert client.post(f"/s/{token}/1", data=stop | {"answer": "3"}).status_code == 400
    assert client.post(f"/stop/{token}", data={"seal": mine["seal"]}).status_code == 400
    assert client.post(f"/stop/{other}", data=stop).status_code == 400
    client.set_cookie("staff_session", token)
    assert client.get("/dashboard").status_code == 303
    assert everything(runtime.database) == before


def invited_again(runtime):
    with runtime.database.writing() as session:
        there = session.scalars(sa.select(Place)).one()
        person = make_participant(session, runtime.keys, place=there)
        campaign = make_campaign(session, places=[there])
        return make_invitation(session, runtime.keys, campaign=campaign, participant=person)[1]


@ON_SQLITE
def test_a016_a057_a_whole_survey_leaves_no_token_in_the_log(client, token, finish, caplog):
    caplog.set_level(logging.INFO)
    finish(token)
    client.get(f"/s/{token}/done")
    client.post(f"/s/{token}/1", data={"seal": "x"})
    client.get(f"/s/{token[:-2]}")
    assert token[:-2] not in caplog.text


@ON_SQLITE
def test_a016_a_page_that_breaks_tells_the_log_the_rule_and_not_the_token(app, token, caplog):
    @who_may(Who.RESPONDENT)
    def broken(token, number=1):
        raise RuntimeError("broken on purpose")

    app.view_functions["survey.question"] = broken
    reply = app.test_client().get(f"/s/{token}/1?seen={token}")
    assert reply.status_code == 500
    assert "Traceback" not in reply.text
    assert "broken on purpose" not in reply.text
    assert "broken on purpose" in caplog.text
    assert "/s/<token>/<int:number>" in caplog.text
    assert token not in caplog.text


@ON_SQLITE
def test_a016_a017_every_page_of_a_link_is_private(client, token, form_of):
    replies = [client.get(address) for address in addresses(token)]
    replies += [
        client.post(f"/s/{token}/1", data=form_of(token)),
        client.get("/s/x"),
        client.put(f"/s/{token}/1"),
    ]
    for reply in replies:
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
        assert "unsafe" not in reply.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in reply.headers
        assert "Server" not in reply.headers
        assert "http://" not in reply.text.replace("http://www.w3.org/", "")


@ON_SQLITE
def test_a017_the_last_page_makes_the_browser_forget_the_pages_before(client, token, finish):
    assert "Clear-Site-Data" not in client.get(f"/s/{token}/1").headers
    finish(token)
    for address in addresses(token)[:4]:
        assert client.get(address, follow_redirects=True).headers["Clear-Site-Data"] == '"cache"'


@ON_SQLITE
def test_a018_the_next_person_on_the_same_phone_sees_no_answer(client, token, finish):
    finish(token)
    for address in addresses(token)[:4]:
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200
        assert "checked" not in page.text
        assert "<form" not in page.text


def test_a033_stopping_twice_is_stopping_once(client, runtime, token):
    form = {"seal": seal_of(client.get(f"/stop/{token}"))}
    assert client.post(f"/stop/{token}", data=form).status_code == 303
    before = everything(runtime.database)
    assert client.post(f"/stop/{token}", data=form).status_code == 303
    assert everything(runtime.database) == before
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.state is InvitationState.CANCELLED


SAME_NUMBER = (
    "07700 900123",
    "+44 (0)7700 900123",
    "0044 7700900123",
    "\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663",
    "(07700) 900-123",
)


@ON_SQLITE
@pytest.mark.parametrize("written", SAME_NUMBER)
def test_a034_an_objection_holds_however_the_number_is_written_next_time(client, runtime, token, written):
    client.post(f"/stop/{token}", data={"seal": seal_of(client.get(f"/stop/{token}"))})
    with runtime.database.writing() as session:
        line = f"new,user,riverside,,{written},text,en,given\n"
        report = import_people(
            session, PEOPLE + line, keys=runtime.keys, now=runtime.clock(), breakdown=runtime.breakdown
        )
        assert report.suppressed
        assert consent.is_suppressed(session, phone_index(runtime.keys, PHONE))
        person = session.scalars(sa.select(Participant).where(Participant.reference == "new")).one()
        assert not consent.may_ask(session, person.id)


@ON_SQLITE
def test_a025_links_never_follow_the_host_header(runtime, token):
    settings = replace(runtime.settings, public_base_url="https://care.example")
    client = create_app(replace(runtime, settings=settings)).test_client()
    ours = "https://care.example"
    spoofed = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example",
    }
    for address in [*addresses(token), "/sign-in", "/privacy", "/dashboard"]:
        reply = client.get(address, base_url=ours, headers=spoofed)
        assert reply.status_code in {200, 303}
        assert "evil.example" not in reply.text + str(reply.headers)
        assert "max-age=31536000" in reply.headers["Strict-Transport-Security"]
    for host in (
        "evil.example",
        "care.example.evil.example",
        "care.example@evil.example",
        "evil.example:443",
        "",
    ):
        reply = client.get(f"/s/{token}", base_url=ours, headers={"Host": host})
        assert reply.status_code == 400, host
        assert "evil" not in reply.text

"""Links in strangers' hands: scanners, guesses, replays, forged forms; rows A001-A034 of the attack list."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.app import create_app
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population import consent
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Participant
from survey_app.clock import week_of
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, ResponseState, SubmissionRow
from survey_app.web.access import Who, who_may
from tests.attacks.ground import ON_SQLITE, PHONE, all_of, everything, invited, seal_of

SCANNERS = ("GoogleMessages", "WhatsApp/2", "facebookexternalhit/1.1", "BingPreview/1.0b", "curl/8")
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}
PEOPLE = "reference,audience,locality,practice,phone,channel,language,consent\n"


@pytest.fixture
def token(runtime):
    return invited(runtime)


@pytest.fixture
def form_of(client, clock):
    """Open a page, wait as a reader would, and return its form with an answer."""

    def form(token, number=1, answer="3", *, seconds=4):
        seal = seal_of(client.get(f"/s/{token}/{number}"))
        clock.advance(seconds=seconds)
        return {"seal": seal, "answer": answer}

    return form


@pytest.fixture
def finish(client, form_of):
    def finish(token):
        for number in range(1, 7):
            assert client.post(f"/s/{token}/{number}", data=form_of(token, number)).status_code == 303

    return finish


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


def test_a002_an_answer_in_the_address_is_not_an_answer(client, runtime, token, form_of):
    form = form_of(token)
    reply = client.post(f"/s/{token}/1?answer=4&skipped=yes", data={"seal": form["seal"]})
    assert reply.status_code == 400
    assert all_of(runtime.database, Answer) == []


def test_a004_a_scanner_that_posts_every_form_at_once_never_finishes(client, runtime, token, form_of):
    for number in range(1, 7):
        client.post(f"/s/{token}/{number}", data=form_of(token, number, seconds=0.2))
    (response,) = all_of(runtime.database, Response)
    assert response.state is ResponseState.QUARANTINED
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.state is InvitationState.OPEN


def test_a005_one_form_posted_at_once_by_many_is_one_row_and_one_reply(app, runtime, token, form_of):
    form, replies = form_of(token), []

    def post():
        replies.append(app.test_client().post(f"/s/{token}/1", data=form).location)

    threads = [threading.Thread(target=post) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [f"/s/{token}/2"] * 12
    assert len(all_of(runtime.database, AnswerHistory)) == len(all_of(runtime.database, SubmissionRow)) == 1


def test_a006_two_people_on_the_last_page_make_one_response(app, client, runtime, token, form_of):
    for number in range(1, 6):
        client.post(f"/s/{token}/{number}", data=form_of(token, number))
    forms, codes = [form_of(token, 6, "1"), form_of(token, 6, "4")], []

    def post(form):
        codes.append(app.test_client().post(f"/s/{token}/6", data=form).status_code)

    threads = [threading.Thread(target=post, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    (response,) = all_of(runtime.database, Response)
    assert response.state is ResponseState.FINISHED
    assert len(all_of(runtime.database, Answer)) == len(all_of(runtime.database, AnswerHistory)) == 6


@pytest.mark.parametrize("seal", [None, "", "x", "x" * 10_000, b"\xff\xfe", "\x00", "W10.AAAA", "..", "\U0001f600"])
def test_a007_without_a_form_of_ours_nothing_is_stored(client, runtime, token, seal):
    before = everything(runtime.database)
    form = {"answer": "3"} | ({} if seal is None else {"seal": seal})
    for address in (f"/s/{token}/1", f"/stop/{token}"):
        assert client.post(address, data=form).status_code == 400
    assert everything(runtime.database) == before


@pytest.mark.parametrize("end", ["the window is over", "the person stopped", "the invitation was cancelled"])
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


def test_a009_a_changed_answer_replaces_and_a_finished_survey_takes_none(client, runtime, token, finish, form_of):
    late = form_of(token, 2, "1")
    finish(token)
    before = everything(runtime.database)
    assert client.post(f"/s/{token}/2", data=late).location == f"/s/{token}"
    assert everything(runtime.database) == before
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


def test_a014_a_056_the_database_holds_neither_token_nor_number(client, runtime, token, finish):
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
    from tests.factories import make_campaign, make_invitation, make_participant

    with runtime.database.writing() as session:
        place = session.scalars(sa.select(Participant)).one().locality_id
        from survey_app.ask.population.tables import Place

        there = session.get_one(Place, place)
        person = make_participant(session, runtime.keys, place=there)
        campaign = make_campaign(session, places=[there])
        return make_invitation(session, runtime.keys, campaign=campaign, participant=person)[1]


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
    replies += [client.post(f"/s/{token}/1", data=form_of(token)), client.get("/s/x"), client.put(f"/s/{token}/1")]
    for reply in replies:
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
        assert "unsafe" not in reply.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in reply.headers
        assert "Server" not in reply.headers
        assert "http://" not in reply.text.replace("http://www.w3.org/", "")


@ON_SQLITE
def test_a018_the_next_person_on_the_same_phone_sees_no_answer(client, token, finish):
    finish(token)
    for address in addresses(token)[:4]:
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200
        assert "checked" not in page.text
        assert "<form" not in page.text


@ON_SQLITE
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 303),
        ({}, 303),
    ],
)
def test_a022_a023_another_site_cannot_post_and_no_cookie_is_needed(app, token, form_of, headers, expected):
    client = app.test_client(use_cookies=False)
    assert client.post(f"/s/{token}/1", data=form_of(token), headers=headers).status_code == expected


NOT_ANSWERS = ("99", "-1", "4.0", "\uff14", "4e0", "0x3", "", " ", "[3]", "None", "3\x00", "9" * 400, "\u0663", "\ud7ff")


@pytest.mark.parametrize("answer", NOT_ANSWERS)
def test_a026_what_is_no_option_is_not_stored(client, runtime, token, form_of, answer):
    form = form_of(token, answer=answer)
    assert client.post(f"/s/{token}/1", data=form).status_code == 400
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
@pytest.mark.parametrize("number", ["0", "7", "99", "18446744073709551617", "9" * 300])
def test_a026_an_item_the_person_is_not_asked_leads_back_to_the_start(client, runtime, token, form_of, number):
    form = form_of(token)
    assert client.get(f"/s/{token}/{number}").location == f"/s/{token}"
    assert client.post(f"/s/{token}/{number}", data=form).location == f"/s/{token}"
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
@pytest.mark.parametrize("number", ["-1", "1.0", "%31%00", "one", "1/2", "../1"])
def test_a026_what_is_no_number_is_no_page(client, token, number):
    assert client.get(f"/s/{token}/{number}").status_code == 404


def test_a026_a064_extra_fields_are_ignored(client, runtime, token, form_of):
    extra = {"item": "x", "state": "finished", "response_id": "1", "instrument_version": "9", "synthetic": "1"}
    assert client.post(f"/s/{token}/1", data=form_of(token) | extra).status_code == 303
    (response,) = all_of(runtime.database, Response)
    assert (response.state, response.instrument_version) == (ResponseState.STARTED, 1)


def test_a027_an_answer_to_wording_that_is_no_longer_asked_is_not_stored(client, runtime, token, form_of):
    form = form_of(token)
    with runtime.database.writing() as session:
        session.execute(sa.update(Campaign).values(instrument_id="pulse-carer-6"))
    reply = client.post(f"/s/{token}/1", data=form)
    assert reply.status_code == 400
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
def test_a028_a_flood_in_one_request_is_refused_before_it_is_read(client, runtime, token, form_of):
    form = form_of(token)
    before = everything(runtime.database)
    many = {f"x{number}": "1" for number in range(20_000)}
    multipart = {"content_type": "multipart/form-data"}
    gzip = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    tries = [
        client.post(f"/s/{token}/1", data=form | {"comment": "x" * 5_000_000}),
        client.post(f"/s/{token}/1", data=form | many),
        client.post(f"/s/{token}/1", data=form | dict(list(many.items())[:500]), **multipart),
        client.post(f"/s/{token}/1", data=b"\x1f\x8b" + b"\x00" * 100, headers=gzip),
        client.post(f"/s/{token}/1", json=[[[[[[]]]]]]),
        client.post(f"/stop/{token}", data={"seal": "x" * 5_000_000}),
        client.post("/sign-in", data={"email": "x" * 5_000_000}),
    ]
    assert [reply.status_code for reply in tries] == [413, 413, 413, 400, 400, 413, 413]
    assert everything(runtime.database) == before


@pytest.mark.parametrize("odd", ["\x00", "\u202e3", "3" + "\u0301" * 10_000, "\U0001f600", "\ufffe", "<script>"])
def test_a029_strange_text_is_refused_cleanly_and_never_sent_back_raw(client, runtime, token, form_of, odd):
    reply = client.post(f"/s/{token}/1", data=form_of(token, answer=odd))
    assert reply.status_code == 400
    assert "<script>" not in reply.text
    assert client.post(f"/s/{token}/1", data=b"answer=%ff%fe%ed%a0%80&seal=%00", content_type="application/x-www-form-urlencoded").status_code == 400
    assert all_of(runtime.database, Answer) == []


def test_a031_the_phones_own_clock_is_not_believed(client, runtime, token, form_of, clock):
    form = form_of(token) | {"answered_at": "2020-01-01T00:00:00Z", "received_at": "1"}
    client.post(f"/s/{token}/1", data=form, headers={"Date": "Wed, 01 Jan 2020 00:00:00 GMT"})
    (answer,) = all_of(runtime.database, Answer)
    assert answer.answered_at == clock()


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 11, 8, 23, 59, 50, tzinfo=dt.UTC),  # the last seconds of a week
        dt.datetime(2026, 10, 24, 23, 59, 50, tzinfo=dt.UTC),  # the night the clocks go back, London 00:59:50
        dt.datetime(2026, 10, 25, 0, 59, 50, tzinfo=dt.UTC),
    ],
)
def test_a032_a_survey_across_midnight_is_one_response_of_one_week(client, runtime, clock, finish, moment):
    token = invited(runtime)
    with runtime.database.writing() as session:
        session.execute(sa.update(Invitation).values(invited_at=moment, expires_at=moment + dt.timedelta(days=9)))
    clock.set(moment)
    finish(token)
    (response,) = all_of(runtime.database, Response)
    assert response.started_at < response.finished_at == clock()
    assert week_of(response.finished_at.date()).weekday() == 0


def test_a033_stopping_twice_is_stopping_once(client, runtime, token):
    form = {"seal": seal_of(client.get(f"/stop/{token}"))}
    assert client.post(f"/stop/{token}", data=form).status_code == 303
    before = everything(runtime.database)
    assert client.post(f"/stop/{token}", data=form).status_code == 303
    assert everything(runtime.database) == before
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.state is InvitationState.CANCELLED


SAME_NUMBER = ("07700 900123", "+44 (0)7700 900123", "0044 7700900123", "\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663", "(07700) 900-123")


@ON_SQLITE
@pytest.mark.parametrize("written", SAME_NUMBER)
def test_a034_an_objection_holds_however_the_number_is_written_next_time(client, runtime, token, written):
    client.post(f"/stop/{token}", data={"seal": seal_of(client.get(f"/stop/{token}"))})
    with runtime.database.writing() as session:
        line = f"new,user,riverside,,{written},text,en,given\n"
        report = import_people(session, PEOPLE + line, keys=runtime.keys, now=runtime.clock())
        assert report.suppressed
        assert consent.is_suppressed(session, phone_index(runtime.keys, PHONE))
        person = session.scalars(sa.select(Participant).where(Participant.reference == "new")).one()
        assert not consent.may_ask(session, person.id)


@ON_SQLITE
def test_a095_of_a_field_sent_twice_the_first_counts(client, runtime, token, form_of):
    form = form_of(token)
    body = f"seal={form['seal']}&answer=1&answer=4"
    kind = {"content_type": "application/x-www-form-urlencoded"}
    assert client.post(f"/s/{token}/1?answer=2", data=body, **kind).status_code == 303
    (answer,) = all_of(runtime.database, Answer)
    assert answer.code == 1


@ON_SQLITE
def test_a025_links_never_follow_the_host_header(runtime, token):
    settings = replace(runtime.settings, public_base_url="https://care.example")
    client = create_app(replace(runtime, settings=settings)).test_client()
    ours = "https://care.example"
    spoofed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    for address in [*addresses(token), "/sign-in", "/privacy", "/dashboard"]:
        reply = client.get(address, base_url=ours, headers=spoofed)
        assert reply.status_code in {200, 303}
        assert "evil.example" not in reply.text + str(reply.headers)
        assert "max-age=31536000" in reply.headers["Strict-Transport-Security"]
    for host in ("evil.example", "care.example.evil.example", "care.example@evil.example", "evil.example:443", ""):
        reply = client.get(f"/s/{token}", base_url=ours, headers={"Host": host})
        assert reply.status_code == 400, host
        assert "evil" not in reply.text

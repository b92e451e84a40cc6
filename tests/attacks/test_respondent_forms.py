"""Forged and broken forms: no seal, no option, too much, too odd, from elsewhere; rows A002-A032, A095."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.clock import week_of
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, ResponseState, SubmissionRow
from tests.attacks.ground import ON_SQLITE, all_of, everything, invited

SCANNERS = ("GoogleMessages", "WhatsApp/2", "facebookexternalhit/1.1", "BingPreview/1.0b", "curl/8")
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}
PEOPLE = "reference,audience,locality,practice,phone,channel,language,consent\n"


@ON_SQLITE
def test_a002_an_answer_in_the_address_is_not_an_answer(client, runtime, token, form_of):
    form = form_of(token)
    reply = client.post(f"/s/{token}/1?answer=4&skipped=yes", data={"seal": form["seal"]})
    assert reply.status_code == 400
    assert all_of(runtime.database, Answer) == []


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
    forms, codes = [form_of(token, 6, "1"), form_of(token, 6, "3")], []

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


NOT_SEALS = (None, "", "x", "x" * 10_000, b"\xff\xfe", "\x00", "W10.AAAA", "..", "\U0001f600")


def test_a007_without_a_form_of_ours_nothing_is_stored(client, runtime, token):
    before = everything(runtime.database)
    for seal in NOT_SEALS:
        form = {"answer": "3"} | ({} if seal is None else {"seal": seal})
        for address in (f"/s/{token}/1", f"/stop/{token}"):
            assert client.post(address, data=form).status_code == 400, seal
    assert everything(runtime.database) == before


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


NOT_ANSWERS = (
    "99",
    "-1",
    "4.0",
    "\uff14",
    "4e0",
    "0x3",
    "",
    " ",
    "[3]",
    "None",
    "3\x00",
    "9" * 400,
    "\u0663",
    "\ud7ff",
)


def test_a026_what_is_no_option_is_not_stored(client, runtime, token, form_of):
    for answer in NOT_ANSWERS:
        reply = client.post(f"/s/{token}/1", data=form_of(token, answer=answer))
        assert reply.status_code == 400, answer
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
@pytest.mark.parametrize("number", ["0", "7", "99", "18446744073709551617", "9" * 300])
def test_a026_an_item_the_person_is_not_asked_leads_back_to_the_start(
    client, runtime, token, form_of, number
):
    form = form_of(token)
    assert client.get(f"/s/{token}/{number}").location == f"/s/{token}"
    assert client.post(f"/s/{token}/{number}", data=form).location == f"/s/{token}"
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
@pytest.mark.parametrize("number", ["-1", "1.0", "%31%00", "one", "1/2", "../1"])
def test_a026_what_is_no_number_is_no_page(client, token, number):
    assert client.get(f"/s/{token}/{number}").status_code == 404


@ON_SQLITE
def test_a026_a064_extra_fields_are_ignored(client, runtime, token, form_of):
    extra = {
        "item": "x",
        "state": "finished",
        "response_id": "1",
        "instrument_version": "9",
        "synthetic": "1",
    }
    assert client.post(f"/s/{token}/1", data=form_of(token) | extra).status_code == 303
    (response,) = all_of(runtime.database, Response)
    assert (response.state, response.instrument_version) == (ResponseState.STARTED, 1)


@ON_SQLITE
def test_a027_an_answer_to_wording_that_is_no_longer_asked_is_not_stored(client, runtime, token, form_of):
    form = form_of(token)
    with runtime.database.writing() as session:
        session.execute(sa.update(Campaign).values(instrument_id="p3c-style-10"))
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


def test_a029_strange_text_is_refused_cleanly_and_never_sent_back_raw(client, runtime, token, form_of):
    for odd in ("\x00", "\u202e3", "3" + "\u0301" * 10_000, "\U0001f600", "\ufffe", "<script>"):
        reply = client.post(f"/s/{token}/1", data=form_of(token, answer=odd))
        assert reply.status_code == 400, odd
        assert "<script>" not in reply.text
    raw, kind = b"answer=%ff%fe%ed%a0%80&seal=%00", "application/x-www-form-urlencoded"
    assert client.post(f"/s/{token}/1", data=raw, content_type=kind).status_code == 400
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
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
@ON_SQLITE
def test_a032_a_survey_across_midnight_is_one_response_of_one_week(client, runtime, clock, finish, moment):
    token = invited(runtime)
    with runtime.database.writing() as session:
        session.execute(
            sa.update(Invitation).values(invited_at=moment, expires_at=moment + dt.timedelta(days=9))
        )
    clock.set(moment)
    finish(token)
    (response,) = all_of(runtime.database, Response)
    assert response.started_at < response.finished_at == clock()
    assert week_of(response.finished_at.date()).weekday() == 0


@ON_SQLITE
def test_a095_of_a_field_sent_twice_the_first_counts(client, runtime, token, form_of):
    form = form_of(token)
    body = f"seal={form['seal']}&answer=1&answer=4"
    kind = {"content_type": "application/x-www-form-urlencoded"}
    assert client.post(f"/s/{token}/1?answer=2", data=body, **kind).status_code == 303
    (answer,) = all_of(runtime.database, Answer)
    assert answer.code == 1

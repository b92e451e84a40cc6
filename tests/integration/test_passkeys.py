"""Passkeys beside a password: made, asked for at sign-in, refused where anything does not fit, removed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from survey_app.accounts import staff
from survey_app.accounts.passkeys.tables import Passkey
from survey_app.app import create_app
from tests.attacks.ground import ON_SQLITE, all_of
from tests.fake_authenticator import SecurityKey
from tests.integration.signed_in import PASSWORD, csrf_in, enter, settle

LEAD, EAST = "lead@example.org", "east@example.org"


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, LEAD, EAST)


def told_on(page):
    """Return what a page tells the browser to ask of a device."""
    return json.loads(html.unescape(re.search(r'data-told="([^"]+)"', page)[1]))


def make(client, key, name="Blue key", **more):
    """Make a passkey on the pages; return what was told and the reply."""
    form = {"csrf_token": csrf_in(client, "/account"), "password": PASSWORD}
    told = told_on(client.post("/account/passkeys/new", data=form).text)
    sent = form | {"name": name, "reply": key.make(told, **more)}
    return told, client.post("/account/passkeys/made", data=sent)


def waiting(app, email=LEAD):
    """Return a browser that gave a password, and what it is told to ask for."""
    client, reply = enter(app, email)
    assert reply.location.startswith("/sign-in/code")
    return client, told_on(client.get("/sign-in/code").text)


def give(client, reply):
    return client.post("/sign-in/passkey", data={"reply": reply, "next": "/dashboard/model"}).status_code


def test_a_passkey_is_made_with_recovery_codes_asked_for_at_sign_in_and_removed(app, runtime):
    client, elsewhere, key = enter(app, LEAD)[0], enter(app, LEAD)[0], SecurityKey()
    before = client.get_cookie("staff_session").value
    _, reply = make(client, key)
    codes = re.findall(r"<code>([0-9a-z-]{14})</code>", reply.text)
    assert (reply.status_code, len(codes)) == (200, 10)
    assert client.get_cookie("staff_session").value != before
    assert [one.get("/account").status_code for one in (client, elsewhere)] == [200, 303]
    assert "Blue key" in client.get("/account/passkeys").text

    browser, told = waiting(app)
    assert browser.get("/dashboard").status_code == 303
    assert give(browser, key.sign(told)) == 303
    assert browser.get("/dashboard").status_code == 200
    (kept,) = all_of(runtime.database, Passkey)
    assert (kept.sign_count, kept.used_on) == (1, runtime.clock().date())
    assert waiting(app)[0].post("/sign-in/code", data={"code": codes[0]}).status_code == 303

    form = {"csrf_token": csrf_in(browser, "/account")}
    address = f"/account/passkeys/{kept.id}/remove"
    assert browser.post(address, data=form | {"password": "wrong"}).status_code == 422
    other = enter(app, EAST)[0]
    foreign = {"csrf_token": csrf_in(other, "/account"), "password": PASSWORD}
    assert other.post(address, data=foreign).status_code == 404
    assert browser.post(address, data=form | {"password": PASSWORD}).status_code == 303
    assert browser.get("/account/passkeys").status_code == 200
    assert enter(app, LEAD)[1].location == "/dashboard"


@ON_SQLITE
def test_at_sign_in_nothing_but_this_persons_device_on_this_site_for_this_session_fits(app):
    key, theirs = SecurityKey(), SecurityKey()
    make(enter(app, LEAD)[0], key)
    make(enter(app, EAST)[0], theirs)
    elsewhere, stranger = SecurityKey("evil.example"), SecurityKey()
    elsewhere.id, elsewhere.key, stranger.id = key.id, key.key, key.id
    attempts = {
        "a page that looks like ours": lambda told: key.sign(told, origin="http://evil.example"),
        "another site": elsewhere.sign,
        "somebody else's device": theirs.sign,
        "another key under the same name": stranger.sign,
        "a device nobody touched": lambda told: key.sign(told, touched=False),
        "the challenge of another session": lambda _: key.sign(waiting(app)[1]),
        "an invented challenge": lambda _: key.sign({"challenge": "AAAA"}),
    }
    junk = ("", "{}", "[]", "null", "\x00", '{"id": 7}', "x" * 50_000)
    opened = []
    for number, (what, reply) in enumerate([*attempts.items(), *((one, lambda _, o=one: o) for one in junk)]):
        if number % 5 == 0:  # ten wrong ones would rest the account
            client, told = waiting(app)
            assert give(client, key.sign(told)) == 303
        client, told = waiting(app)
        if give(client, reply(told)) not in {400, 401} or client.get("/dashboard").status_code != 303:
            opened.append(what[:40])
    assert opened == []


@ON_SQLITE
def test_a_reply_works_once_and_a_copied_device_that_counts_is_noticed(app):
    key = SecurityKey()
    make(enter(app, LEAD)[0], key)
    client, told = waiting(app)
    held, reply = client.get_cookie("staff_session").value, key.sign(told)
    assert give(client, reply) == 303
    thief = app.test_client()
    thief.set_cookie("staff_session", held)
    assert give(thief, reply) == 401
    key.count = 0  # a copy from before counts on from where it was copied
    client, told = waiting(app)
    assert give(client, key.sign(told)) == 401
    assert give(client, key.sign(told)) == 303


@ON_SQLITE
def test_wrong_passkeys_count_as_wrong_codes_do(app, clock):
    key = SecurityKey()
    make(enter(app, LEAD)[0], key)
    for number in range(10):
        home = {"REMOTE_ADDR": f"10.2.0.{number}"}
        client, told = waiting(app)
        wrong = {"reply": SecurityKey().sign(told)}
        assert client.post("/sign-in/passkey", data=wrong, environ_overrides=home).status_code == 401
    assert enter(app, LEAD)[1].status_code == 401  # the account rests
    clock.advance(minutes=2)
    client, told = waiting(app)
    assert give(client, key.sign(told)) == 303


@ON_SQLITE
def test_a_passkey_is_made_only_by_who_proved_it_in_this_session_and_only_for_this_site(app, runtime):
    client, key = enter(app, LEAD)[0], SecurityKey()
    form = {"csrf_token": csrf_in(client), "name": "Key"}
    assert client.post("/account/passkeys/new", data=form | {"password": "wrong"}).status_code == 422
    told, reply = make(client, key, origin="http://evil.example")
    assert reply.status_code == 422
    other = enter(app, LEAD)[0]
    theirs = {"csrf_token": csrf_in(other), "name": "Key", "reply": key.make(told)}
    assert other.post("/account/passkeys/made", data=theirs).status_code == 422
    for name in ("", "x" * 61, "a\nb"):
        assert make(client, key, name=name)[1].status_code == 422
    assert all_of(runtime.database, Passkey) == []
    assert make(client, key)[1].status_code == 200
    assert make(client, key)[1].status_code == 422  # the same device again
    again = make(client, SecurityKey(), name="Phone")[1]
    assert again.location == "/account/passkeys"  # the recovery codes there are stay
    with runtime.database.writing() as session:
        staff.forget_factor(session, LEAD)
    assert enter(app, LEAD)[1].location == "/dashboard"


@ON_SQLITE
def test_a_site_under_a_bare_number_says_that_it_can_have_none(runtime):
    settings = replace(runtime.settings, public_base_url="http://127.0.0.1:8000")
    client = enter(create_app(replace(runtime, settings=settings)), LEAD)[0]
    assert "under a bare number" in client.get("/account/passkeys").text
    form = {"csrf_token": csrf_in(client), "password": PASSWORD}
    assert client.post("/account/passkeys/new", data=form).status_code == 404

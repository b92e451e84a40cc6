"""Signing in with a code beside the password."""

import datetime as dt
import re

import pyotp
import pytest

from tests.integration.signed_in import PASSWORD, csrf_in, enter, settle

LEAD = "lead@example.org"


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, LEAD)


@pytest.fixture
def enrolled(app, clock):
    """Set a factor up on the page; return the authenticator and the recovery codes."""
    client, _ = enter(app, LEAD)
    form = {"csrf_token": csrf_in(client), "password": PASSWORD}
    page = client.post("/account/code", data=form).text
    authenticator = pyotp.TOTP(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", ""))
    first = form | {"code": authenticator.at(clock())}
    codes = re.findall(r"<code>([0-9a-z-]{14})</code>", client.post("/account/code/first", data=first).text)
    clock.advance(minutes=2)
    return authenticator, codes


def give(client, code):
    return client.post("/sign-in/code", data={"code": code, "next": "/dashboard/model"})


def test_a_password_alone_opens_nothing_once_a_code_is_set_up(app, enrolled, clock):
    client, reply = enter(app, LEAD)
    assert reply.headers["Location"].startswith("/sign-in/code")
    assert client.get("/dashboard").status_code == 303
    before = client.get_cookie("staff_session").value

    reply = give(client, enrolled[0].at(clock()))

    assert reply.headers["Location"] == "/dashboard/model"
    assert client.get("/dashboard").status_code == 200
    assert client.get_cookie("staff_session").value != before


def test_a_code_works_once_and_neither_an_old_nor_a_wrong_one_works(app, enrolled, clock):
    authenticator, _ = enrolled
    now = authenticator.at(clock())
    assert give(enter(app, LEAD)[0], now).status_code == 303
    for code in (now, authenticator.at(clock() - dt.timedelta(minutes=2)), "000000", "", "\uff11" * 6):
        assert give(enter(app, LEAD)[0], code).status_code == 401


def test_a_recovery_code_works_once(app, enrolled):
    _, codes = enrolled
    assert len(set(codes)) == 10
    assert give(enter(app, LEAD)[0], codes[0].upper()).status_code == 303
    assert give(enter(app, LEAD)[0], codes[0]).status_code == 401
    client, _ = enter(app, LEAD)
    give(client, codes[1])
    assert "8 of your recovery codes" in client.get("/account").text


def test_wrong_codes_lock_the_account_though_the_password_is_right_each_time(app, enrolled, clock):
    authenticator, _ = enrolled
    for _ in range(10):
        give(enter(app, LEAD)[0], "000000")
    assert give(enter(app, LEAD)[0], authenticator.at(clock())).status_code == 401


def test_a_new_password_ends_every_other_session(app):
    here, _ = enter(app, LEAD)
    elsewhere, _ = enter(app, LEAD)
    form = {"csrf_token": csrf_in(here), "password": PASSWORD, "new_password": "lamp ocean bicycle"}
    assert here.post("/account/password", data=form | {"password": "wrong"}).status_code == 422
    assert here.post("/account/password", data=form | {"new_password": "short"}).status_code == 422
    assert here.post("/account/password", data=form).status_code == 303
    assert here.get("/dashboard").status_code == 200
    assert elsewhere.get("/dashboard").status_code == 303
    assert enter(app, LEAD)[1].status_code == 401

"""The staff door: guesses, planted sessions, redirects, cookies, production; rows A024, A066-A074."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.tables import Staff, StaffSession
from survey_app.app import create_app
from survey_app.settings import BadSetting, Environment, GatewayKind, load_settings, refuse_unsafe
from tests.attacks.ground import ON_SQLITE, everything
from tests.integration.signed_in import PASSWORD, csrf_in, enter, settle

PEOPLE = (
    "lead@example.org",
    "east@example.org",
    "officer@example.org",
    "east-officer@example.org",
    "nobody@example.org",
)


@pytest.fixture
def people(runtime):
    settle(runtime, *PEOPLE)


@ON_SQLITE
def test_a066_guessing_from_one_source_is_stopped_even_with_the_right_password(app, runtime, people, clock):
    guesses = [enter(app, f"user{n}@example.org", "wrong words here")[1].status_code for n in range(31)]
    assert guesses == [401] * 30 + [429]
    _, reply = enter(app, "lead@example.org")
    assert reply.status_code == 429
    assert "Set-Cookie" not in reply.headers
    clock.advance(minutes=16)
    assert enter(app, "lead@example.org")[1].status_code == 303


@ON_SQLITE
def test_a067_known_unknown_locked_and_closed_accounts_look_the_same(app, runtime, people, clock):
    with runtime.database.writing() as session:
        staff.deactivate(session, session.scalars(sa.select(Staff.id).where(Staff.email == PEOPLE[1])).one())
        locked = sa.update(Staff).where(Staff.email == PEOPLE[2])
        session.execute(locked.values(locked_until=clock().replace(year=2027)))
    replies = [
        enter(app, email, "wrong words here")[1] for email in (PEOPLE[0], PEOPLE[1], PEOPLE[2], "x@y.z", "")
    ]
    replies += [enter(app, email)[1] for email in (PEOPLE[1], PEOPLE[2])]
    assert {(reply.status_code, reply.data) for reply in replies} == {(401, replies[0].data)}


def test_a067_an_odd_name_is_a_wrong_name(app):
    for odd in ("\x00", "a\x00@example.org", "\u202e@x", "x" * 30_000, "' OR 1=1 --@x", "\ufffe", "ß@x"):
        _, reply = enter(app, odd, odd)
        assert reply.status_code == (400 if "\x00" in odd else 401), odd
        assert odd not in reply.text


@ON_SQLITE
def test_a068_a_session_planted_before_signing_in_or_left_after_a_change_is_dead(app, runtime, people):
    planted = app.test_client()
    planted.set_cookie("staff_session", "planted")
    reply = planted.post("/sign-in", data={"email": PEOPLE[0], "password": PASSWORD})
    fresh = re.search(r"staff_session=([^;]+)", reply.headers["Set-Cookie"])[1]
    assert fresh != "planted"
    again = planted.post("/sign-in", data={"email": PEOPLE[0], "password": PASSWORD})
    assert fresh not in again.headers["Set-Cookie"]
    thief = app.test_client()
    thief.set_cookie("staff_session", fresh)
    assert thief.get("/dashboard").status_code == 303
    assert planted.get("/dashboard").status_code == 200
    with runtime.database.writing() as session:
        staff.change_password(
            session,
            session.scalars(sa.select(Staff.id).where(Staff.email == PEOPLE[0])).one(),
            "another river boat",
        )
    assert planted.get("/dashboard").status_code == 303
    assert fresh not in repr(everything(runtime.database))
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(StaffSession)).all() == []


@ON_SQLITE
def test_a068_signing_out_ends_the_session_and_clears_the_screen_behind_back(app, people):
    client, _ = enter(app, "lead@example.org")
    reply = client.post("/sign-out", data={"csrf_token": csrf_in(client)})
    assert (reply.status_code, reply.headers["Clear-Site-Data"]) == (303, '"cache"')
    assert client.get("/dashboard").status_code == 303


@ON_SQLITE
@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/dashboard//evil.example",
        "/dashboard\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "/dashboard@evil.example",
        "/dashboardevil",
        " /dashboard",
        "/sign-out",
    ],
)
def test_a024_signing_in_leads_to_no_address_of_somebody_elses(app, people, after):
    page = app.test_client().get("/sign-in", query_string={"next": after})
    assert "evil" not in page.text
    _, reply = enter(app, "lead@example.org", next=after)
    assert (reply.status_code, reply.location) == (303, "/dashboard")
    assert reply.headers.getlist("Set-Cookie")[0].startswith("staff_session=")


@ON_SQLITE
def test_a072_the_cookie_is_pinned_hidden_and_short(runtime, people):
    settings = replace(runtime.settings, public_base_url="https://care.example")
    app = create_app(replace(runtime, settings=settings))
    data = {"email": "lead@example.org", "password": PASSWORD}
    reply = app.test_client().post("/sign-in", data=data, base_url="https://care.example")
    session, known = reply.headers.getlist("Set-Cookie")
    assert session.startswith("__Host-session=")
    assert "Max-Age=43200" in session
    assert known.startswith("__Host-known=")
    for cookie in (session, known):
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert flag in cookie
        assert "Domain" not in cookie


GOOD = {
    "SURVEY_ENV": "production",
    "SURVEY_SECRET_KEY": "Zk3vQ9xT7mB2nL5wR8yP4cJ6hF1gD0aS",
    "SURVEY_PUBLIC_BASE_URL": "https://care.example",
    "SURVEY_GATEWAY": "twilio",
    "SURVEY_TWILIO_ACCOUNT_SID": "AC" + "9" * 32,
    "SURVEY_TWILIO_AUTH_TOKEN": "9" * 32,
    "SURVEY_TWILIO_NUMBER": "+447700900000",
    "SURVEY_SMTP_URL": "smtp://127.0.0.1:25",
}


@pytest.mark.parametrize(
    "unsafe",
    [
        {"SURVEY_SECRET_KEY": ""},
        {"SURVEY_SECRET_KEY": "dev"},
        {"SURVEY_SECRET_KEY": "a" * 40},
        {"SURVEY_SECRET_KEY": "change-me-change-me-change-me-1234567"},
        {"SURVEY_PUBLIC_BASE_URL": "http://care.example"},
        {"SURVEY_GATEWAY": "simulator"},
        {"SURVEY_TWILIO_AUTH_TOKEN": ""},
    ],
)
def test_a073_production_does_not_start_with_what_is_not_safe(unsafe, tmp_path):
    load_settings(GOOD | {"SURVEY_DATA_DIR": str(tmp_path)})
    with pytest.raises(BadSetting):
        load_settings(GOOD | {"SURVEY_DATA_DIR": str(tmp_path)} | unsafe)


@ON_SQLITE
def test_a074_production_has_no_simulator_no_console_and_no_traces(runtime, tmp_path):
    settings = load_settings(GOOD | {"SURVEY_DATA_DIR": str(tmp_path)})
    refuse_unsafe(settings)
    assert (settings.env, settings.gateway) == (Environment.PRODUCTION, GatewayKind.TWILIO)
    app = create_app(replace(runtime, settings=settings))
    assert not app.debug
    client = app.test_client()
    account = f"/simulator/provider/2010-04-01/Accounts/{settings.twilio_account_sid}/Messages.json"
    gone = (
        "/simulator",
        "/simulator?phone=1",
        "/simulator/static/phone.css",
        account,
        "/console",
        "/metrics",
    )
    for address in (
        *gone,
        "/.git/config",
        "/.env",
        "/config/settings.toml",
        "/static/../settings.py",
        "/admin",
    ):
        for method in ("GET", "POST"):
            reply = client.open(address, method=method, base_url="https://care.example")
            assert reply.status_code == 404, address
            assert "Server" not in reply.headers
    for host in ("127.0.0.1", "localhost", "evil.example"):
        assert client.get("/health/live", headers={"Host": host}).status_code == 400

"""Sessions, codes and locks of staff under attack; rows A066, A068, A069, A071, A072."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pyotp
import pytest
import sqlalchemy as sa

from survey_app.accounts import managing, passes, staff
from survey_app.accounts.managing import standing_of
from survey_app.accounts.proofs import ByPassword
from survey_app.accounts.scope import Granted
from survey_app.accounts.sign_in import open_session
from survey_app.accounts.tables import KnownBrowser, PassKind, Role, Staff, StaffFactor, StaffSession
from survey_app.app import create_app
from tests.attacks.ground import ON_SQLITE, everything
from tests.integration.signed_in import PASSWORD, csrf_in, enter, settle

LEAD = "lead@example.org"
pytestmark = ON_SQLITE


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, LEAD, "officer@example.org")


def attack(app, n=10, email=LEAD):
    """Guess from many addresses, so that only the account's own lock is left to stop it."""
    for number in range(n):
        form = {"email": email, "password": f"guess number {number}"}
        home = {"REMOTE_ADDR": f"10.1.0.{number}"}
        assert app.test_client().post("/sign-in", data=form, environ_overrides=home).status_code == 401


def test_a066_guesses_from_everywhere_lock_out_strangers_but_not_the_owner_at_a_known_browser(app, runtime):
    home, _ = enter(app, LEAD)
    known = home.get_cookie("staff_known").value
    home.post("/sign-out", data={"csrf_token": csrf_in(home)})
    attack(app, 20)
    assert enter(app, LEAD)[1].status_code == 401  # with the right password, from an unknown browser
    assert home.post("/sign-in", data={"email": LEAD, "password": PASSWORD}).status_code == 303
    assert home.get("/dashboard").status_code == 200
    assert home.get_cookie("staff_known").value == known
    assert enter(app, LEAD)[1].status_code == 401  # the lock on strangers goes on
    assert known not in repr(everything(runtime.database))
    borrowed = app.test_client()
    borrowed.set_cookie("staff_known", known)
    other = {"email": "officer@example.org", "password": "wrong words here"}
    attack(app, email=other["email"])
    assert borrowed.post("/sign-in", data=other | {"password": PASSWORD}).status_code == 401


def test_a066_a_stolen_browser_cookie_gives_ten_tries_and_no_more(app, runtime):
    home, _ = enter(app, LEAD)
    attack(app)
    thief = app.test_client()
    thief.set_cookie("staff_known", home.get_cookie("staff_known").value)
    for number in range(10):
        thief.post("/sign-in", data={"email": LEAD, "password": f"another guess {number}"})
    assert thief.post("/sign-in", data={"email": LEAD, "password": PASSWORD}).status_code == 401
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(KnownBrowser.failures)).all() == [10]


def test_a066_the_owner_with_a_code_gets_in_while_strangers_are_locked_out(app, runtime, clock):
    home, _ = enter(app, LEAD)
    authenticator = enrol(home, clock)
    attack(app)
    clock.advance(seconds=30)
    home.post("/sign-in", data={"email": LEAD, "password": PASSWORD})
    assert home.get("/dashboard").status_code == 303
    wrong = home.post("/sign-in/code", data={"code": "000000"})
    right = home.post("/sign-in/code", data={"code": authenticator.at(clock())})
    assert (wrong.status_code, right.status_code) == (401, 303)
    assert home.get("/dashboard").status_code == 200


def enrol(client, clock):
    form = {"csrf_token": csrf_in(client), "password": PASSWORD}
    page = client.post("/account/code", data=form).text
    authenticator = pyotp.TOTP(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", ""))
    client.post("/account/code/first", data=form | {"code": authenticator.at(clock())})
    return authenticator


def test_a068_every_proof_gives_another_session_and_the_old_one_is_dead(app, clock):
    client, _ = enter(app, LEAD)
    seen = [client.get_cookie("staff_session").value]
    authenticator = enrol(client, clock)
    form = {"csrf_token": csrf_in(client), "password": PASSWORD, "new_password": "lamp ocean bicycle"}
    client.post("/account/password", data=form)
    seen.append(client.get_cookie("staff_session").value)
    clock.advance(minutes=1)
    client.post("/sign-in", data={"email": LEAD, "password": "lamp ocean bicycle"})
    seen.append(client.get_cookie("staff_session").value)
    client.post("/sign-in/code", data={"code": authenticator.at(clock())})
    seen.append(client.get_cookie("staff_session").value)
    assert client.get("/dashboard").status_code == 200
    assert len(set(seen)) == 4
    for old in seen[:-1]:
        thief = app.test_client()
        thief.set_cookie("staff_session", old)
        assert thief.get("/dashboard").status_code == 303


def signed_in(app, runtime, staff_id=1):
    """Return a browser with a session of somebody, whatever their sign-in asks for."""
    client = app.test_client()
    with runtime.database.writing() as session:
        token = open_session(session, staff_id, now=runtime.clock(), keys=runtime.keys)
    client.set_cookie("staff_session", token)
    return client


def renew_codes(client, _clock):
    form = {"csrf_token": csrf_in(client), "password": PASSWORD}
    assert client.post("/account/code/recovery", data=form | {"password": "wrong"}).status_code == 422
    page = client.post("/account/code/recovery", data=form).text
    assert len(set(re.findall(r"<code>[0-9a-z-]{14}</code>", page))) == 10
    return page


def test_a068_a_code_set_up_or_replaced_and_new_recovery_codes_leave_one_session_with_another_token(
    app, runtime, clock
):
    for change in (enrol, enrol, renew_codes):
        here, elsewhere, thief = (signed_in(app, runtime) for _ in range(3))
        waiting = app.test_client()  # knows the password, and owes a code
        waiting.post("/sign-in", data={"email": LEAD, "password": PASSWORD})
        before = here.get_cookie("staff_session").value
        clock.advance(minutes=1)
        change(here, clock)
        thief.set_cookie("staff_session", before)
        alive = [one.get("/account").status_code for one in (here, elsewhere, thief)]
        assert (change.__name__, alive) == (change.__name__, [200, 303, 303])
        with runtime.database.reading() as session:
            (left,) = session.scalars(sa.select(StaffSession)).all()
        assert clock() - left.created_at == dt.timedelta(minutes=1)  # no younger than it was
    page = renew_codes(here, clock)
    csrf = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    assert here.post("/sign-out", data={"csrf_token": csrf}).status_code == 303
    assert here.get("/account").status_code == 303


def test_a071_new_recovery_codes_end_the_old_ones_and_need_a_code_set_up(app, runtime, clock):
    client = signed_in(app, runtime)
    form = {"csrf_token": csrf_in(client), "password": PASSWORD}
    assert client.post("/account/code/recovery", data=form).status_code == 404
    enrol(client, clock)
    old, new = (re.findall(r"<code>([0-9a-z-]{14})</code>", renew_codes(client, clock)) for _ in range(2))
    got = [
        enter(app, LEAD)[0].post("/sign-in/code", data={"code": code}).status_code
        for code in (*old[:2], new[0])
    ]
    assert got == [401, 401, 303]


def test_a068_every_change_of_roles_ends_every_session_of_that_person(app, runtime):
    settle(runtime, "admin@example.org")
    with runtime.database.reading() as session:
        giver = standing_of(session, 3)
    given = Granted(Role.ANALYST, "/kmd/east/")
    changes = (
        lambda session: managing.add_role(session, giver, 1, given),
        lambda session: managing.drop_role(session, giver, 1, given),
        lambda session: joined(session, giver, runtime),
        lambda session: managing.close(session, 1),
    )
    for change in changes:
        browsers = [signed_in(app, runtime), signed_in(app, runtime)]
        bystander = signed_in(app, runtime, 2)
        assert [one.get("/dashboard").status_code for one in browsers] == [200, 200]
        with runtime.database.writing() as session:
            change(session)
        assert [one.get("/dashboard").status_code for one in (*browsers, bystander)] == [303, 303, 200]


def joined(session, giver, runtime):
    now, keys = runtime.clock(), runtime.keys
    token = passes.invite(session, giver, LEAD, Granted(Role.LEAD, "/kmd/west/"), keys=keys, now=now)
    link = passes.find(session, token, PassKind.INVITATION, keys=keys, now=now)
    assert passes.join(session, link, LEAD, "", ByPassword(PASSWORD), now=now) == 1


def test_a069_neither_pages_that_ask_by_themselves_nor_use_beyond_twelve_hours_keep_a_session(app, clock):
    client, _ = enter(app, LEAD)
    for _ in range(6):
        clock.advance(minutes=4, seconds=50)
        assert client.get("/dashboard/live").status_code == 200
    clock.advance(minutes=2)
    assert client.get("/dashboard/live").status_code == 303
    assert client.get("/dashboard").status_code == 303
    client, _ = enter(app, LEAD)
    for _ in range(26):
        assert client.get("/dashboard").status_code == 200
        clock.advance(minutes=27)
    clock.advance(minutes=20)
    assert client.get("/dashboard").status_code == 303


def test_a071_nobody_sets_up_another_code_with_a_session_alone_or_uses_one_twice(app, runtime, clock):
    client, _ = enter(app, LEAD)
    authenticator = enrol(client, clock)
    form = {"csrf_token": csrf_in(client)}
    before = factor_of(runtime)
    for password in ("", "wrong", "river candle orbit "):
        assert client.post("/account/code", data=form | {"password": password}).status_code == 422
    assert client.post("/account/code/first", data=form | {"code": "000000"}).status_code == 422
    assert factor_of(runtime) == before
    # Offered with the password but never confirmed: the one that counts still counts.
    assert client.post("/account/code", data=form | {"password": PASSWORD}).status_code == 200
    clock.advance(minutes=1)
    code = authenticator.at(clock())
    got = [enter(app, LEAD)[0].post("/sign-in/code", data={"code": code}).status_code for _ in range(3)]
    assert got == [303, 401, 401]  # once, whichever browser sends it


def factor_of(runtime):
    with runtime.database.reading() as session:
        kept = session.get_one(StaffFactor, 1)
        return kept.secret_sealed, kept.offered_sealed, kept.last_step


def test_a072_every_cookie_of_ours_is_pinned_to_this_host_over_https(runtime):
    settings = replace(
        runtime.settings,
        public_base_url="https://care.example",
        sso_issuer="https://id.example",
        sso_name="ID",
    )
    client = create_app(replace(runtime, settings=settings)).test_client()
    here = {"base_url": "https://care.example"}
    reply = client.post("/sign-in", data={"email": LEAD, "password": PASSWORD}, **here)
    csrf = re.search(r'name="csrf_token" value="(\w+)"', client.get("/dashboard", **here).text)[1]
    left = client.post("/sign-out", data={"csrf_token": csrf}, **here)
    cookies = reply.headers.getlist("Set-Cookie") + left.headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-session",
        "__Host-known",
        "__Host-session",
    ]
    for cookie in cookies:
        assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
        assert "Domain" not in cookie


def test_a066_a_lock_ends_with_time_or_with_a_new_password(app, runtime, clock):
    attack(app, 12)
    with runtime.database.reading() as session:
        locked = session.get_one(Staff, 1).locked_until - clock()
    assert locked == dt.timedelta(minutes=1)  # tries during a lock neither count nor lengthen it
    clock.advance(seconds=61)
    assert enter(app, LEAD)[1].status_code == 303
    attack(app)
    assert enter(app, LEAD)[1].status_code == 401
    with runtime.database.writing() as session:
        staff.change_password(session, 1, "lamp ocean bicycle")
    assert enter(app, LEAD, "lamp ocean bicycle")[1].status_code == 303

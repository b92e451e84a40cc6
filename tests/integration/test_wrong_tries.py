"""Budgets of wrong tries hold over all web processes: two applications share nothing but the database."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
import sqlalchemy as sa

from survey_app.accounts.tries.tables import WrongTry
from survey_app.accounts.tries.tries import Tries
from survey_app.app import create_app
from survey_app.jobs.tries import drop_old_tries
from tests.attacks.ground import ON_SQLITE, all_of, everything
from tests.integration.signed_in import PASSWORD, csrf_in, enter, settle

LEAD = "lead@example.org"
HOME = "192.0.2.1"


@pytest.fixture
def processes(runtime):
    """Return two web processes, asked in turn, as behind a balancer."""
    return itertools.cycle([create_app(runtime), create_app(runtime)])


def tries_of(runtime, **more):
    return Tries(runtime.database, runtime.keys, runtime.clock, **{"door": "a door", "each": 3} | more)


def is_spent(runtime, tries, address=HOME):
    with runtime.database.reading() as session:
        return tries.is_spent(session, address)


def test_a_source_is_over_budget_wherever_it_failed_and_a_new_window_forgives(runtime):
    one, other, next_door = tries_of(runtime), tries_of(runtime), tries_of(runtime, door="next door")
    assert [tries.failed(HOME) for tries in (one, other, one)] == [False] * 3
    assert [is_spent(runtime, tries) for tries in (one, other, next_door)] == [True, True, False]
    assert other.failed(HOME)
    assert not one.failed("192.0.2.2")
    assert HOME not in repr(everything(runtime.database))
    runtime.clock.advance(minutes=10)
    assert not is_spent(runtime, one)
    assert not other.failed(HOME)
    runtime.clock.advance(hours=1)
    for _ in range(2):
        drop_old_tries(runtime)
        assert all_of(runtime.database, WrongTry) == []


def test_many_sources_share_one_budget_and_a_flood_adds_no_rows(runtime):
    tries = tries_of(runtime, together=10)
    over = [tries.failed(f"127.0.{number}.1") for number in range(30)]
    assert over == [False] * 10 + [True] * 20
    assert len(all_of(runtime.database, WrongTry)) == 11


def test_no_failure_is_lost_between_processes_that_count_at_once(runtime):
    doors = [tries_of(runtime, each=1_000) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: doors[number % 4].failed(HOME), range(40)))
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(WrongTry.failures)).all() == [40, 40]


@ON_SQLITE
def test_a066_guessing_a_password_at_several_processes_gives_no_more_tries_than_at_one(processes, runtime):
    settle(runtime, LEAD)
    guess = {"email": "nobody@example.org", "password": "a wrong password"}
    got = [next(processes).test_client().post("/sign-in", data=guess).status_code for _ in range(32)]
    assert got == [401] * 30 + [429] * 2
    assert enter(next(processes), LEAD)[1].status_code == 429
    assert next(processes).test_client().post("/sign-in/code", data={"code": "1"}).status_code == 429
    runtime.clock.advance(minutes=15)
    assert enter(next(processes), LEAD)[1].status_code == 303


@ON_SQLITE
def test_a066_codes_at_sign_in_and_an_accounts_lock_count_over_all_processes(processes, runtime):
    settle(runtime, LEAD)
    client, _ = enter(next(processes), LEAD)
    form = {"csrf_token": csrf_in(client), "password": PASSWORD}
    page = client.post("/account/code", data=form).text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    totp = pyotp.TOTP(secret)
    client.post("/account/code/first", data=form | {"code": totp.at(runtime.clock())})
    runtime.clock.advance(minutes=1)
    for number in range(10):
        waiting, _ = enter(next(processes), LEAD)
        home = {"REMOTE_ADDR": f"10.2.0.{number}"}
        wrong = waiting.post("/sign-in/code", data={"code": "000000"}, environ_overrides=home)
        assert wrong.status_code == 401
    for _ in range(2):  # locked at either, with the right code
        last, _ = enter(next(processes), LEAD)
        assert last.post("/sign-in/code", data={"code": totp.at(runtime.clock())}).status_code == 401


@ON_SQLITE
def test_a_first_code_and_ones_own_password_are_not_guessed_faster_at_several_processes(processes, runtime):
    settle(runtime, LEAD)
    first, _ = enter(next(processes), LEAD)
    token, form = first.get_cookie("staff_session").value, {"csrf_token": csrf_in(first)}

    def post(address, **more):
        client = next(processes).test_client()
        client.set_cookie("staff_session", token)
        return client.post(address, data=form | more).status_code

    assert [post("/account/code", password="wrong") for _ in range(11)] == [422] * 10 + [429]
    assert [post("/account/code/first", code="000000") for _ in range(11)] == [422] * 10 + [429]


@ON_SQLITE
def test_typed_codes_api_tokens_and_mails_for_passwords_have_one_budget_for_all_processes(processes, runtime):
    settle(runtime, LEAD)
    client, _ = enter(next(processes), LEAD)
    lead = {"csrf_token": csrf_in(client)}

    def typed():
        return next(processes).test_client().post("/q", data={"code": "00000-00000-1"}).status_code

    def screen():
        return next(processes).test_client().get("/kiosk/00000-00000-1").status_code

    def token():
        told = {"Authorization": "Bearer lcs_wrong"}
        return next(processes).test_client().get("/api/v1/places", headers=told).status_code

    def mail():
        return (
            next(processes).test_client().post("/sign-in/reset", data={"email": "x@example.org"}).status_code
        )

    assert [typed() for _ in range(10)] + [screen() for _ in range(10)] == [404] * 20
    assert [typed(), screen()] == [429, 429]
    assert [token() for _ in range(31)] == [401] * 30 + [429]
    assert [mail() for _ in range(11)] == [200] * 10 + [429]
    sheets = []
    for _ in range(22):
        one = next(processes).test_client()
        one.set_cookie("staff_session", client.get_cookie("staff_session").value)
        sheets.append(one.post("/workspace/paper", data=lead | {"number": "00000"}).status_code)
    assert sheets == [422] * 20 + [429] * 2

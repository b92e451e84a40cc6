"""From an empty database to a survey: a one-time address nobody can guess, steps, and then closed."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.accounts.setting_up import first
from survey_app.accounts.tables import Grant, Role, Staff
from survey_app.ask.population.tables import Place
from survey_app.cli.doctor import warnings_of
from survey_app.cli.set_up import set_up as set_up_command
from tests.integration.signed_in import csrf_in, settle

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
RIGHT = {
    "name": "Harbour and Vale",
    "code": "HV1",
    "who": "Ada",
    "email": " Ada@example.org ",
    "password": "river candle orbit",
    "again": "river candle orbit",
}


@pytest.fixture
def address(runtime):
    return first.address_of(runtime.settings, runtime.keys).removeprefix(runtime.settings.public_base_url)


def n_staff(runtime):
    with runtime.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Staff))


def test_the_first_account_is_made_once_and_the_address_opens_nothing_after(client, app, runtime, address):
    said = CliRunner().invoke(set_up_command, [], obj=lambda: runtime)
    assert address in said.output
    assert "Set up this service" in client.get(address).text
    assert client.post(address, data=RIGHT).headers["Location"] == "/set-up"
    with runtime.database.reading() as session:
        (grant,) = session.scalars(sa.select(Grant))
        assert (grant.role, grant.place_path) == (Role.ADMINISTRATOR, "/harbour-and-vale/")
    page = client.get("/set-up").text
    assert "1 of 6 done" in page
    assert "Needs places" in page
    for empty in ("/dashboard", "/workspace"):
        assert 'href="/set-up"' in client.get(empty).text
    stranger = app.test_client()
    assert stranger.get(address).status_code == stranger.post(address, data=RIGHT).status_code == 404
    assert stranger.get("/set-up").status_code == 303
    assert n_staff(runtime) == 1
    assert CliRunner().invoke(set_up_command, [], obj=lambda: runtime).exit_code == 1


@ON_SQLITE
def test_steps_say_what_is_done_and_the_list_is_closed_for_good(client, runtime, address):
    client.post(address, data=RIGHT)
    csrf = {"csrf_token": csrf_in(client, "/set-up")}
    made = {"new_name": "Harbour", "code": "HV2"}
    assert client.post("/workspace/places/harbour-and-vale/add", data=csrf | made).status_code == 303
    made = {"new_name": "Quayside", "code": "HV3"}
    assert client.post("/workspace/places/harbour/add", data=csrf | made).status_code == 303
    page = client.get("/set-up").text
    assert "2 of 6 done" in page
    assert "1 locality so far" in page
    messages = client.get("/set-up/messages").text
    assert "no text leaves this machine" in messages
    assert re.search(r"0800 000 0000<span[^>]*>Change this before real people are asked", messages)
    assert client.post("/set-up/finish", data=csrf).status_code == 303
    assert client.get("/set-up").status_code == client.get("/set-up/messages").status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"code": "a b"}, "Enter a code"),
        ({"who": "\x07"}, "Enter your name"),
        ({"email": "ada"}, "Enter an e-mail address"),
        ({"password": "short", "again": "short"}, "Use 12 to 256 characters"),
        ({"again": "another one altogether"}, "not the same"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(client, runtime, address, changed, said):
    reply = client.post(address, data=RIGHT | changed)
    assert (reply.status_code, said in reply.text) == (422, True)
    assert RIGHT["password"] not in reply.text
    with runtime.database.reading() as session:
        assert (n_staff(runtime), session.scalar(sa.select(sa.func.count()).select_from(Place))) == (0, 0)
        assert first.is_open(session)


@ON_SQLITE
def test_whoever_guesses_finds_nothing_and_is_slowed_down(client, runtime, address):
    assert any(address in line for line in warnings_of(runtime))
    for _ in range(20):
        assert client.get("/set-up/" + "1" * 22).status_code == 404
    assert client.get("/set-up/" + "1" * 22).status_code == 429
    assert client.post("/set-up/" + "1" * 22, data=RIGHT).status_code == 429
    assert n_staff(runtime) == 0


@ON_SQLITE
def test_where_somebody_can_sign_in_the_address_was_never_open(client, runtime, address):
    settle(runtime, "lead@example.org")
    assert client.get(address).status_code == client.post(address, data=RIGHT).status_code == 404

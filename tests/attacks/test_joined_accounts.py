"""Accounts where two parts meet: links and moves, providers and invitations, codes and the trail."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pyotp
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.accounts import factor, passes, staff
from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.audit.trail import Deed, write
from survey_app.accounts.scope import Granted, SignedIn
from survey_app.accounts.setting_up import first
from survey_app.accounts.tables import Grant, PassKind, Role, Staff
from survey_app.app import create_app
from survey_app.cli.audit import audit as audit_command
from survey_app.jobs.trail import anchor_trail
from tests import fake_oidc
from tests.attacks.ground import ON_SQLITE
from tests.fake_oidc import CLIENT, SECRET
from tests.integration.signed_in import csrf_in, enter, settle
from tests.integration.signing_on import come_back

NEW = "new@example.org"
GIVER = "east@example.org"
RIVERSIDE = Granted(Role.ANALYST, "/kmd/east/riverside/")
PASSWORD = "three green lanterns"


def id_of(session, email):
    return session.scalars(sa.select(Staff.id).where(Staff.email == email)).one()


def invited(runtime, *, granted=RIVERSIDE):
    with runtime.database.writing() as session:
        giver = SignedIn(id_of(session, GIVER), "east", GIVER, (Granted(Role.LEAD, "/kmd/east/"),))
        return passes.invite(session, giver, NEW, granted, keys=runtime.keys, now=runtime.clock())


def joins(app, token):
    form = {"email": NEW, "name": "Nia New", "password": PASSWORD}
    return app.test_client().post(f"/join/{token}", data=form).status_code


def roles_of(runtime, email):
    with runtime.database.reading() as session:
        held = sa.select(Grant.role, Grant.place_path).join(Staff, Staff.id == Grant.staff_id)
        return [tuple(row) for row in session.execute(held.where(Staff.email == email))]


def trail(runtime, by):
    with runtime.database.reading() as session:
        entries = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.by == by).order_by(AuditEntry.number)
        )
        return [(one.did, one.about) for one in entries]


@ON_SQLITE
def test_an_invitation_moves_with_its_place(app, runtime):
    settle(runtime, GIVER)
    token = invited(runtime)
    with runtime.database.writing() as session:
        staff.follow_move(session, "/kmd/east/", "/kmd/north/east/")
    assert joins(app, token) == 200
    assert roles_of(runtime, NEW) == [(Role.ANALYST, "/kmd/north/east/riverside/")]


@ON_SQLITE
def test_an_invitation_opens_nothing_once_whoever_made_it_may_no_longer_give_the_role(app, runtime):
    settle(runtime, GIVER)
    token = invited(runtime)
    with runtime.database.writing() as session:  # as the groups of a provider take roles away
        session.execute(sa.delete(Grant).where(Grant.staff_id == id_of(session, GIVER)))
    assert joins(app, token) == 404
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(Staff.id).where(Staff.email == NEW)).first() is None


@ON_SQLITE
def test_a_link_to_another_password_dies_with_the_password_it_was_for(runtime):
    settle(runtime, GIVER)
    keys, now = runtime.keys, runtime.clock()
    with runtime.database.writing() as session:
        token = passes.offer_reset(session, GIVER, keys=keys, now=now)
        staff.change_password(session, id_of(session, GIVER), PASSWORD)
        assert passes.find(session, token, PassKind.RESET, keys=keys, now=now) is None
        other = passes.offer_reset(session, GIVER, keys=keys, now=now)
        staff.deactivate(session, id_of(session, GIVER))
        staff.reopen(session, id_of(session, GIVER))
        assert passes.find(session, other, PassKind.RESET, keys=keys, now=now) is None


@ON_SQLITE
def test_the_trail_tells_a_password_alone_from_somebody_who_is_in(app, runtime):
    settle(runtime, GIVER)
    with runtime.database.writing() as session:
        person, keys, now = id_of(session, GIVER), runtime.keys, runtime.clock()
        secret = factor.enrol(session, person, email=GIVER, issuer="x", keys=keys).secret
        app_of = pyotp.TOTP(secret)
        assert factor.confirm(session, person, app_of.at(now), keys=keys, now=now)
    client, _ = enter(app, GIVER)
    assert [did for did, _ in trail(runtime, GIVER)] == ["accounts.password"]
    code = app_of.at(runtime.clock() + dt.timedelta(seconds=30))
    assert client.post("/sign-in/code", data={"code": code}).status_code == 303
    assert [did for did, _ in trail(runtime, GIVER)] == ["accounts.password", "accounts.enter"]


@ON_SQLITE
def test_roles_that_a_provider_changes_stand_in_the_trail(runtime, clock):
    settle(runtime, GIVER)
    with fake_oidc.serve(clock) as provider:
        told = {"sub": "subject-1", "email": GIVER, "email_verified": True, "groups": ["analysts"]}
        provider.people[GIVER] = told
        settings = replace(
            runtime.settings,
            sso_issuer=provider.base,
            sso_name="Kentmere ID",
            sso_client_id=CLIENT,
            sso_client_secret=SECRET,
            sso_groups_claim="groups",
            sso_group_roles="analysts=analyst:/kmd/",
        )
        site = create_app(replace(runtime, settings=settings))
        for _ in range(2):  # the second time nothing changes, and nothing is written
            assert come_back(provider, site.test_client(), login=GIVER).status_code == 303
    (change,) = [about for did, about in trail(runtime, GIVER) if did == "roles by provider"]
    assert change == "staff_id=1 took=lead:/kmd/east/ gave=analyst:/kmd/"


@ON_SQLITE
def test_an_address_that_no_account_may_have_is_said_at_the_first_set_up(client, runtime):
    address = first.address_of(runtime.settings, runtime.keys).removeprefix(runtime.settings.public_base_url)
    form = {"name": "Vale", "code": "V1", "who": "Ada", "email": "ada smith@example.org"}
    reply = client.post(address, data=form | {"password": PASSWORD, "again": PASSWORD})
    assert (reply.status_code, "Enter an e-mail address" in reply.text) == (422, True)


@ON_SQLITE
def test_the_trail_is_not_called_whole_while_nothing_outside_tells_where_it_ended(runtime):
    def verify():
        return CliRunner().invoke(audit_command, ["verify"], obj=lambda: runtime)

    assert verify().exit_code == 0  # nothing was done yet
    with runtime.database.writing() as session:
        write(session, Deed("ada@example.org", "staff invite"), keys=runtime.keys, now=runtime.clock())
    assert (verify().exit_code, "no head stands outside" in verify().output) == (1, True)
    anchor_trail(runtime)
    assert verify().exit_code == 0


@ON_SQLITE
def test_the_first_code_of_a_secret_is_not_guessed_from_a_stolen_session(app, runtime):
    settle(runtime, GIVER)
    client, _ = enter(app, GIVER)
    form = {"csrf_token": csrf_in(client, "/account"), "code": "000000"}
    replies = [client.post("/account/code/first", data=form).status_code for _ in range(11)]
    assert replies == [422] * 10 + [429]

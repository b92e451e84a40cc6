"""What single sign-on does to accounts: groups and the last administrator, and joining without a password."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.accounts import passes, staff
from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.managing import standing_of
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from tests.attacks.ground import ON_SQLITE, all_of
from tests.attacks.sweeping import plain
from tests.integration.signed_in import PASSWORD, enter, mails, settle
from tests.integration.signing_on import ADMIN, EAST, LEAD, come_back, roles_of

RULES = {
    "sso_groups_claim": "groups",
    "sso_group_roles": "leads=lead:/kmd/, rulers=administrator:/kmd/east/",
}


@pytest.fixture
def ruler(runtime, provider):
    """Return the one administrator, whom no group of the provider makes one."""
    settle(runtime, ADMIN)
    provider.people[ADMIN] = {"sub": "subject-9", "email": ADMIN, "email_verified": True, "groups": []}
    with runtime.database.reading() as session:
        return session.scalar(sa.select(Staff.id).where(Staff.email == ADMIN))


def test_groups_never_take_the_last_administrator_and_administrators_are_told_once_a_day(
    site, provider, runtime, clock, ruler
):
    app, kept = site(**RULES), {(Role.ADMINISTRATOR, "/kmd/")}
    for groups, more in (([], set()), (["leads"], {(Role.LEAD, "/kmd/")}), ([], set())):
        provider.people[ADMIN]["groups"] = groups
        client = app.test_client()
        assert come_back(provider, client, ADMIN).status_code == 303
        assert roles_of(runtime, ruler) == kept | more
        assert client.get("/workspace/staff").status_code == 200
    # Administrator of a part is not administrator of the whole.
    provider.people[ADMIN]["groups"] = ["rulers"]
    assert come_back(provider, app.test_client(), ADMIN).status_code == 303
    assert roles_of(runtime, ruler) == kept | {(Role.ADMINISTRATOR, "/kmd/east/")}
    app.extensions["account-post"].wait()
    ((to, text),) = mails(runtime)
    assert (to, "kept=administrator:/kmd/" in text) == (ADMIN, True)
    lines = [one.about for one in all_of(runtime.database, AuditEntry) if one.did == "administrator kept"]
    assert lines == [f"staff_id={ruler} kept=administrator:/kmd/"] * 4
    clock.advance(hours=25)
    come_back(provider, app.test_client(), ADMIN)
    app.extensions["account-post"].wait()
    assert len(mails(runtime)) == 2


@ON_SQLITE
def test_groups_decide_again_once_somebody_else_who_may_sign_in_rules_the_whole(
    site, provider, runtime, ruler
):
    app = site(**RULES)
    with runtime.database.writing() as session:
        staff.grant(session, 1, Granted(Role.ADMINISTRATOR, "/kmd/"))
        staff.deactivate(session, 1)
    come_back(provider, app.test_client(), ADMIN)
    assert roles_of(runtime, ruler) == {(Role.ADMINISTRATOR, "/kmd/")}  # a closed account is nobody
    with runtime.database.writing() as session:
        staff.reopen(session, 1)
    come_back(provider, app.test_client(), ADMIN)
    assert roles_of(runtime, ruler) == set()


@pytest.fixture
def only(site, runtime):
    """Return our site where no password opens anything, and a maker of invitations from somebody who may."""
    settle(runtime, ADMIN)

    def invited(email, role=Role.ANALYST, path="/kmd/west/"):
        with runtime.database.writing() as session:
            giver = standing_of(session, session.scalar(sa.select(Staff.id).where(Staff.email == ADMIN)))
            now, keys = runtime.clock(), runtime.keys
            token = passes.invite(session, giver, email, Granted(role, path), keys=keys, now=now)
        return f"/join/{token}"

    return site(sso_only=True), invited


WEST_ANALYST = (Role.ANALYST, "/kmd/west/")


def test_somebody_known_takes_a_second_role_by_signing_in_with_the_provider_first(only, provider, runtime):
    app, invited = only
    link, browser = invited(LEAD), app.test_client()
    before = roles_of(runtime)
    assert "Sign in with Kentmere ID" in browser.get(link).text
    assert come_back(provider, browser, after=link).location == link
    page = browser.get(link).text
    assert (f"signed in as {LEAD}" in page, "Password" in page) == (True, False)
    assert browser.post(link, data={"email": LEAD}).status_code == 200
    assert roles_of(runtime) == before | {WEST_ANALYST}
    assert browser.get("/dashboard").status_code == 303  # whose roles change signs in again
    assert come_back(provider, browser).status_code == 303
    assert browser.post(link, data={"email": LEAD}).status_code == 404  # good once


@ON_SQLITE
def test_a_link_and_an_address_alone_give_nobody_a_second_role(only, provider, runtime, clock):
    app, invited = only
    before, refused = roles_of(runtime), []

    def tried(browser, link, **form):
        refused.append(plain(browser.post(link, data={"email": LEAD, "name": "Lee"} | form)))

    tried(app.test_client(), invited(LEAD))  # nobody is signed in
    tried(app.test_client(), invited(LEAD), password=PASSWORD)  # no password opens anything
    other = app.test_client()
    come_back(provider, other, EAST)
    assert f"signed in as {LEAD}" not in other.get(invited(LEAD)).text
    tried(other, invited(LEAD))  # somebody else is
    late = app.test_client()
    come_back(provider, late)
    clock.advance(minutes=16)
    tried(late, invited(LEAD))  # signed in, but not just now
    closed = app.test_client()
    come_back(provider, closed)
    with runtime.database.writing() as session:
        staff.deactivate(session, 1)
    tried(closed, invited(LEAD))
    tried(app.test_client(), "/join/" + "x" * 32)
    assert all(one == refused[0] for one in refused)
    assert (refused[0][0], roles_of(runtime)) == (404, before)


@ON_SQLITE
def test_somebody_new_joins_without_a_password_and_only_the_provider_lets_them_in(only, provider, runtime):
    app, invited = only
    new = "new@example.org"
    link = invited(new)
    assert app.test_client().post(link, data={"email": new, "name": ""}).status_code == 422
    assert app.test_client().post(link, data={"email": new, "name": "Nia New"}).status_code == 200
    assert enter(app, new)[1].status_code == 403
    assert come_back(provider, app.test_client(), "nobody-here@example.org").status_code == 403
    provider.people[new] = {"sub": "new", "email": new, "email_verified": True}
    browser = app.test_client()
    assert come_back(provider, browser, new).status_code == 303
    assert browser.get("/dashboard").status_code == 200

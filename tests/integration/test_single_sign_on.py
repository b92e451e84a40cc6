"""Signing in with the organisation's own accounts, against a provider that runs on this machine."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from survey_app.accounts import passes, staff
from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.managing import standing_of
from survey_app.accounts.scope import Granted
from survey_app.accounts.single_sign_on.admission import unbind
from survey_app.accounts.single_sign_on.provider import fault_of
from survey_app.accounts.tables import Grant, Role, Staff, StaffFactor
from survey_app.app import create_app
from survey_app.settings import BadSetting, SecondFactor
from tests import fake_oidc
from tests.attacks.ground import ON_SQLITE, all_of, everything
from tests.attacks.sweeping import plain
from tests.fake_oidc import CLIENT, SECRET, rsa
from tests.integration.signed_in import PASSWORD, csrf_in, enter, mails, settle

LEAD, EAST = "lead@example.org", "east@example.org"


@pytest.fixture
def provider(clock):
    with fake_oidc.serve(clock) as served:
        for number, email in enumerate((LEAD, EAST, "nobody-here@example.org")):
            served.people[email] = {"sub": f"subject-{number}", "email": email, "email_verified": True}
        yield served


@pytest.fixture
def site(runtime, provider):
    """Return a maker of our site, signed on to the provider."""
    settle(runtime, LEAD, EAST)

    def make(**changed):
        told = {"sso_issuer": provider.base, "sso_name": "Kentmere ID", "sso_client_id": CLIENT}
        told |= {"sso_client_secret": SECRET} | changed
        return create_app(replace(runtime, settings=replace(runtime.settings, **told)))

    return make


def come_back(provider, client, login=LEAD, after="/dashboard/model"):
    """Go to the provider, sign in there, and return our reply to the browser that comes back."""
    gone = client.get("/sign-in/sso", query_string={"next": after})
    assert gone.status_code == 303, gone.text
    return client.get(back_to(provider.log_in(gone.location, login)))


def back_to(address):
    return f"{urlsplit(address).path}?{urlsplit(address).query}"


def test_the_whole_journey_signs_in_and_keeps_no_token(site, provider, runtime, caplog):
    caplog.set_level(logging.DEBUG)
    client = site().test_client()
    assert "Sign in with Kentmere ID" in client.get("/sign-in?next=/dashboard/model").text
    client.set_cookie("staff_session", "planted")

    reply = come_back(provider, client)

    assert (reply.status_code, reply.location) == (303, "/dashboard/model")
    assert client.get_cookie("staff_session").value != "planted"
    assert client.get("/dashboard").status_code == 200
    assert client.get_cookie("staff_sso") is None
    for secret in (*provider.spoken, SECRET):
        assert secret not in caplog.text + repr(everything(runtime.database))
    assert client.post("/sign-out", data={"csrf_token": csrf_in(client)}).status_code == 303
    assert client.get("/dashboard").status_code == 303
    for after in ("https://evil.example", "//evil.example", "/dashboard//evil", "/sign-out", "/sign-in/sso"):
        assert come_back(provider, client, after=after).location == "/dashboard"


@ON_SQLITE
def test_what_we_ask_the_provider_for(site, provider):
    client = site(sso_acr_values="AAL2").test_client()
    gone = client.get("/sign-in/sso")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(gone.location).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost/sign-in/sso/callback"
    assert (asked["response_type"], asked["scope"], asked["acr_values"]) == ("code", "openid email", "AAL2")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = gone.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"))
    assert asked["nonce"] not in cookie
    again = client.get("/sign-in/sso")
    assert asked["state"] not in again.location


@ON_SQLITE
def test_an_account_is_bound_to_its_first_subject_whatever_its_address_becomes(site, provider, runtime):
    app = site()
    assert come_back(provider, app.test_client()).status_code == 303
    provider.people[LEAD]["email"] = "married@example.org"
    assert come_back(provider, app.test_client()).status_code == 303
    provider.people["thief@example.org"] = {"sub": "thief", "email": LEAD, "email_verified": True}
    refused = come_back(provider, app.test_client(), "thief@example.org")
    assert refused.status_code == 403
    stranger = come_back(provider, app.test_client(), "nobody-here@example.org")
    assert (stranger.status_code, stranger.data) == (403, refused.data)
    with runtime.database.writing() as session:
        unbind(session, LEAD)
    assert come_back(provider, app.test_client(), "thief@example.org").status_code == 303


NOT_FOR_US = (
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "another-client"},
    {"aud": [CLIENT, "another"]},
    {"azp": "another"},
    {"iss": "https://evil.example"},
    {"exp": 1},
    {"exp": None},
    {"iat": 4_000_000_000},
    {"sub": None},
    {"sub": 7},
    {"sub": ""},
    {"email_verified": False},
    {"email_verified": None},
    {"email_verified": "false"},
    {"email": "unknown@example.org"},
    {"at_hash": "another"},
)
FORGED = (fake_oidc.unsigned, fake_oidc.signed_with_the_public_key, fake_oidc.signed_by_a_stranger)


@ON_SQLITE
def test_a_statement_that_is_not_for_us_or_not_signed_by_the_provider_opens_nothing(site, provider, runtime):
    provider.described = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    app, before, opened = site(), everything(runtime.database), []
    for changed, forge in [*((changed, None) for changed in NOT_FOR_US), *(({}, forge) for forge in FORGED)]:
        provider.changed, provider.forge = changed, forge
        client = app.test_client()
        reply = come_back(provider, client)
        if (reply.status_code, "You cannot sign in here" in reply.text) != (403, True):
            opened.append((changed, forge))
        assert client.get("/dashboard").status_code == 303
    assert opened == []
    assert everything(runtime.database) == before
    provider.changed, provider.forge = {}, None
    assert come_back(provider, app.test_client()).status_code == 303


@ON_SQLITE
def test_a_journey_belongs_to_one_browser_counts_once_and_soon(site, provider, clock):
    app = site()
    client, other = app.test_client(), app.test_client()
    back = back_to(provider.log_in(client.get("/sign-in/sso").location, LEAD))
    assert "begin again" in other.get(back).text
    assert client.get(back.replace("state=", "state=x")).status_code == 403
    assert client.get("/sign-in/sso/callback?state=\x00&code=%00").status_code == 403
    cookie, code = client.get_cookie("staff_sso").value, parse_qs(urlsplit(back).query)["code"][0]
    kept = dict(provider.codes[code])
    assert client.get(back).status_code == 303
    thief = app.test_client()
    for journey in (cookie, cookie[:-2] + "00", "zz", ""):
        thief.set_cookie("staff_sso", journey)
        assert thief.get(back).status_code == 403  # the provider takes a code once
    provider.codes[code] = kept
    thief.set_cookie("staff_sso", cookie)
    assert thief.get(back).status_code == 403  # and so do we, where a provider would take it again
    late = back_to(provider.log_in(other.get("/sign-in/sso").location, LEAD))
    clock.advance(minutes=11)
    assert other.get(late).status_code == 403
    gone = app.test_client()
    state = parse_qs(urlsplit(gone.get("/sign-in/sso").location).query)["state"][0]
    answers = ("error=access_denied", f"error=access_denied&state={state}", f"state={state}")
    got = [gone.get(f"/sign-in/sso/callback?{answer}").status_code for answer in answers]
    assert got == [403, 401, 401]
    elsewhere = f"/sign-in/sso/callback?code=x&iss=https://evil.example&state={state}"
    assert gone.get(elsewhere).status_code == 403
    assert gone.get("/dashboard").status_code == 303


@ON_SQLITE
def test_a_deactivated_person_is_refused_before_and_after_being_bound(site, provider, runtime):
    app = site()
    client = app.test_client()
    assert come_back(provider, client).status_code == 303
    with runtime.database.writing() as session:
        for number in session.scalars(sa.select(Staff.id)):
            staff.deactivate(session, number)
    assert client.get("/dashboard").status_code == 303
    for login in (LEAD, EAST):
        assert come_back(provider, app.test_client(), login).status_code == 403


@ON_SQLITE
def test_keys_that_changed_are_fetched_and_old_ones_do_not_count(site, provider):
    app = site()
    assert come_back(provider, app.test_client()).status_code == 303
    provider.key = rsa("second")
    provider.odd_keys = [{"kty": "new"}, {"kty": "oct", "k": "eA", "kid": "second"}, 7, {"kty": "RSA"}]
    assert come_back(provider, app.test_client()).status_code == 303
    provider.forge = lambda _, claims: fake_oidc.jwt.encode(
        {"alg": "RS256", "kid": "first"}, claims, rsa("first"), algorithms=["RS256"]
    )
    assert come_back(provider, app.test_client()).status_code == 403
    assert provider.asked.count("/.well-known/openid-configuration") == 1


@ON_SQLITE
def test_we_prove_who_we_are_with_a_private_key_as_nhs_cis2_asks(site, provider, tmp_path):
    key = rsa("ours-2026")
    (tmp_path / "sso.pem").write_bytes(key.as_pem(private=True))
    provider.client_key = key
    told = {"sso_client_secret": "", "sso_key_file": tmp_path / "sso.pem", "sso_key_id": "ours-2026"}
    told |= {"sso_required_claim": "aal=2|3", "sso_verified_claim": ""}
    app = site(**told)
    # The address comes from the user-information endpoint: the statement has none.
    provider.people[LEAD] = {"sub": "656005750104", "aal": "3"}
    assert come_back(provider, app.test_client()).status_code == 303
    assert come_back(provider, app.test_client()).status_code == 303
    assert [row["kid"] for row in provider.assertions] == ["ours-2026"] * 2
    provider.changed = {"aal": "1"}
    assert come_back(provider, app.test_client()).status_code == 403
    provider.client_key, provider.changed = rsa("stranger"), {}
    with pytest.raises(BadSetting, match="SURVEY_SSO_KEY_FILE"):
        site(**told | {"sso_key_file": tmp_path / "gone.pem"})


@ON_SQLITE
def test_our_own_code_is_still_asked_unless_the_providers_counts(site, provider, runtime):
    with runtime.database.writing() as session:
        session.add(StaffFactor(staff_id=1, secret_sealed=b"x", confirmed_at=runtime.clock()))
    client = site().test_client()
    assert come_back(provider, client).location == "/sign-in/code?next=/dashboard/model"
    assert client.get("/dashboard").status_code == 303
    client = site(sso_second_factor=SecondFactor.THEIRS).test_client()
    assert come_back(provider, client).location == "/dashboard/model"


@ON_SQLITE
def test_where_only_single_sign_on_is_allowed_no_password_opens_anything(site, provider):
    app = site(sso_only=True)
    assert "Password" not in app.test_client().get("/sign-in").text
    assert enter(app, LEAD)[1].status_code == 403
    assert come_back(provider, app.test_client()).status_code == 303


@ON_SQLITE
def test_groups_of_the_provider_decide_roles_and_a_change_ends_other_sessions(site, provider, runtime):
    rules = "leads=lead:/kmd/west/, analysts=analyst:/kmd/"
    app = site(sso_groups_claim="groups", sso_group_roles=rules)
    provider.people[LEAD]["groups"] = ["leads", "cooks"]
    first = app.test_client()
    assert come_back(provider, first).status_code == 303
    assert roles_of(runtime) == {(Role.LEAD, "/kmd/west/")}
    provider.people[LEAD]["groups"] = ["analysts"]
    assert come_back(provider, app.test_client()).status_code == 303
    assert roles_of(runtime) == {(Role.ANALYST, "/kmd/")}
    assert first.get("/dashboard").status_code == 303
    provider.people[LEAD] |= {"_claim_names": {"groups": "src1"}, "groups": None}
    assert come_back(provider, app.test_client()).status_code == 403
    del provider.people[LEAD]["_claim_names"]
    come_back(provider, app.test_client())
    assert roles_of(runtime) == set()
    for wrong in ("leads=king:/kmd/", "leads=lead:kmd", "leads"):
        with pytest.raises(BadSetting, match="SURVEY_SSO_GROUP_ROLES"):
            site(sso_groups_claim="groups", sso_group_roles=wrong)


def roles_of(runtime, staff_id=1):
    with runtime.database.reading() as session:
        rows = session.execute(sa.select(Grant.role, Grant.place_path).where(Grant.staff_id == staff_id))
        return {tuple(row) for row in rows}


ADMIN = "admin@example.org"


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


@ON_SQLITE
def test_a_provider_that_is_down_or_wrong_is_named_in_the_log_and_not_asked_by_everybody(
    site, provider, runtime, clock, caplog
):
    app = site(sso_issuer=provider.base + "/")
    for _ in range(3):
        assert app.test_client().get("/sign-in/sso").status_code == 503
    assert "SURVEY_SSO_ISSUER must be its very text" in caplog.text
    assert len(provider.asked) == 1
    provider.described = {"token_endpoint": "https://evil.example/token"}
    assert site().test_client().get("/sign-in/sso").status_code == 503
    assert "token_endpoint is missing or not under http://" in caplog.text
    provider.described = {}
    wrong = site(sso_client_secret="wrong").test_client()
    assert come_back(provider, wrong).status_code == 503
    assert "invalid_client: check client id" in caplog.text
    gone = site(sso_issuer="http://127.0.0.1:9", sso_discovery_url="").test_client().get("/sign-in/sso")
    assert (gone.status_code, "try again in a few minutes" in gone.text) == (503, True)
    told = {
        "sso_issuer": provider.base,
        "sso_name": "ID",
        "sso_client_id": CLIENT,
        "sso_client_secret": SECRET,
    }
    assert fault_of(replace(runtime.settings, **told), clock) == ""
    told["sso_issuer"] = "http://127.0.0.1:9"
    assert "does not answer: ConnectionError" in fault_of(replace(runtime.settings, **told), clock)


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

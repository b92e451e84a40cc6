"""Signing in with the organisation's own accounts, against a provider that runs on this machine."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.single_sign_on.admission import unbind
from survey_app.accounts.single_sign_on.provider import fault_of
from survey_app.accounts.tables import Role, Staff, StaffFactor
from survey_app.settings import BadSetting, SecondFactor
from tests import fake_oidc
from tests.attacks.ground import ON_SQLITE, everything
from tests.fake_oidc import CLIENT, SECRET, rsa
from tests.integration.signed_in import csrf_in, enter
from tests.integration.signing_on import EAST, LEAD, back_to, come_back, roles_of


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

"""Figures for programs: who may, what they get, and that the description is true."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Grant, Role
from survey_app.accounts.tokens.tables import ApiToken
from survey_app.ask.population.tables import Place
from survey_app.know.evidence.keeping import save
from tests.attacks.ground import ON_SQLITE, everything
from tests.integration.signed_in import PASSWORD, csrf_in, enter, settle
from tests.unit.show.charts.example import example

LEAD, EAST = "lead@example.org", "east@example.org"
ONE = "/api/v1/series/ex.say.mean/{}"


@pytest.fixture(autouse=True)
def world(runtime):
    settle(runtime, LEAD, EAST)
    with runtime.database.writing() as session:
        save(session, [example(), example(place="hilltop"), example(place="kmd")], now=runtime.clock())


def make(app, email=EAST, place="/kmd/east/", days="90", **more):
    """Make a token on the page and return it, and the browser it was made with."""
    client, _ = enter(app, email)
    form = {"csrf_token": csrf_in(client), "name": "Board report", "place": place, "days": days}
    page = client.post("/account/tokens", data=form | {"password": PASSWORD} | more)
    found = re.search(r"<code>(lcs_[\w-]{43})</code>", page.text)
    return (found[1] if found else page), client


def ask(app, address, token, **more):
    return app.test_client().get(address, headers={"Authorization": f"Bearer {token}"} | more)


def test_a_token_reads_the_same_series_that_the_page_shows_and_only_below_its_place(app, runtime):
    token, client = make(app)
    reply = ask(app, ONE.format("riverside"), token)
    twin = client.get("/dashboard/series/ex.say.mean/riverside.json")
    assert (reply.status_code, reply.data) == (200, twin.data)
    assert reply.headers["ETag"] == twin.headers["ETag"]
    assert (
        ask(app, ONE.format("riverside"), token, **{"If-None-Match": reply.headers["ETag"]}).status_code
        == 304
    )
    unknown = ask(app, ONE.format("atlantis"), token)
    for place in ("hilltop", "kmd", "west", "%00", "a" * 500):
        assert (unknown.status_code, unknown.data) == (404, ask(app, ONE.format(place), token).data)
    assert ask(app, "/api/v1/series/no.such/riverside", token).status_code == 404
    listed = ask(app, "/api/v1/series", token).json["items"]
    assert [(row["measure"], row["place"]) for row in listed] == [("ex.say.mean", "riverside")]
    assert ask(app, listed[0]["href"], token).data == twin.data
    places = ask(app, "/api/v1/places", token).json["items"]
    assert [(row["id"], row["parent"]) for row in places] == [("east", None), ("riverside", "east")]
    assert "illtop" not in ask(app, "/api/v1/places", token).text
    assert ask(app, "/api/v1/series?place=hilltop", token).status_code == 404
    with runtime.database.reading() as session:
        kept = session.scalars(sa.select(ApiToken)).one()
    assert (len(kept.token_hash), kept.last_used_on.isoformat()) == (32, "2026-11-02")
    assert token not in repr(everything(runtime.database))
    assert "2 Nov 2026" in client.get("/account/tokens").text
    assert token not in client.get("/account/tokens").text


@ON_SQLITE
def test_no_cookie_opens_the_api_and_no_token_opens_a_page(app):
    token, client = make(app)
    assert client.get(ONE.format("riverside")).status_code == 401
    assert ask(app, "/dashboard", token).status_code == 303
    assert ask(app, "/dashboard/series/ex.say.mean/riverside.json", token).status_code == 303
    wrong = (
        "",
        "Bearer",
        "Bearer x",
        f"Bearer {token}x",
        f"bearer{token}",
        f"Basic {token}",
        f"Token {token}",
    )
    for sent in wrong:
        reply = app.test_client().get("/api/v1/series", headers={"Authorization": sent})
        assert (reply.status_code, reply.mimetype) == (401, "application/problem+json"), sent
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert app.test_client().get(f"/api/v1/series?access_token={token}").status_code == 401
    nowhere = ask(app, "/api/v1/no-such", token)
    assert (nowhere.status_code, nowhere.mimetype) == (404, "application/problem+json")
    posted = app.test_client().post("/api/v1/series", headers={"Authorization": f"Bearer {token}"})
    assert (posted.status_code, posted.json["status"]) == (405, 405)
    assert "Set-Cookie" not in ask(app, "/api/v1/series", token).headers


@ON_SQLITE
def test_a_token_ends_with_time_revoking_and_deactivation_and_shrinks_with_its_makers_roles(
    app, runtime, clock
):
    token, client = make(app, LEAD, "/kmd/", "30")
    number = client.get("/account/tokens").text.partition("/account/tokens/")[2].partition("/")[0]
    assert ask(app, ONE.format("hilltop"), token).status_code == 200
    stranger, _ = enter(app, EAST)
    revoke = f"/account/tokens/{number}/revoke"
    assert stranger.post(revoke, data={"csrf_token": csrf_in(stranger)}).status_code == 404
    with runtime.database.writing() as session:
        session.execute(sa.update(Grant).where(Grant.staff_id == 1).values(place_path="/kmd/east/"))
    assert ask(app, ONE.format("hilltop"), token).status_code == 404
    assert ask(app, ONE.format("riverside"), token).status_code == 200
    clock.advance(days=30)
    assert ask(app, ONE.format("riverside"), token).status_code == 401
    token, client = make(app)
    number = re.search(r"/account/tokens/(\d+)/revoke", client.get("/account/tokens").text)[1]
    form = {"csrf_token": csrf_in(client)}
    assert client.post(f"/account/tokens/{number}/revoke", data=form).status_code == 303
    assert ask(app, "/api/v1/places", token).status_code == 401
    assert "Revoked" in client.get("/account/tokens").text


@ON_SQLITE
def test_a_token_moves_with_its_place_and_reads_nothing_once_its_maker_reads_nothing(app, runtime):
    token, _ = make(app)
    with runtime.database.writing() as session:
        for place in session.scalars(sa.select(Place).where(Place.path.startswith("/kmd/east/"))):
            place.path = place.path.replace("/kmd/east/", "/kmd/north/east/")
        staff.follow_move(session, "/kmd/east/", "/kmd/north/east/")
    assert ask(app, ONE.format("riverside"), token).status_code == 200
    with runtime.database.writing() as session:
        session.execute(sa.delete(Grant).where(Grant.staff_id == 2))
    assert ask(app, "/api/v1/places", token).status_code == 401
    with runtime.database.writing() as session:
        staff.grant(session, 2, Granted(Role.AUDITOR, "/kmd/"))
    assert ask(app, "/api/v1/places", token).status_code == 401
    with runtime.database.writing() as session:
        staff.grant(session, 2, Granted(Role.LEAD, "/kmd/"))
    assert ask(app, "/api/v1/places", token).status_code == 200
    with runtime.database.writing() as session:
        staff.deactivate(session, 2)
    assert ask(app, "/api/v1/places", token).status_code == 401


@ON_SQLITE
def test_a_token_beyond_ones_reach_or_too_long_is_not_made(app, runtime):
    client, _ = enter(app, EAST)
    good = {
        "csrf_token": csrf_in(client),
        "password": PASSWORD,
        "name": "x",
        "place": "/kmd/east/",
        "days": "9",
    }
    for changed, words in (
        ({"password": "wrong"}, "Your password is not right"),
        ({"place": "/kmd/west/"}, "Choose one of your places"),
        ({"place": "/"}, "Choose one of your places"),
        ({"days": "366"}, "1 to 365 days"),
        ({"days": "-1"}, "1 to 365 days"),
        ({"name": " "}, "Give it a name"),
    ):
        page = client.post("/account/tokens", data=good | changed)
        assert (page.status_code, words in page.text) == (422, True), changed
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(ApiToken)).all() == []


@ON_SQLITE
def test_where_nobody_has_a_password_a_token_needs_a_fresh_sign_in(app, runtime, clock):
    from survey_app.app import create_app

    client, _ = enter(app, EAST)
    told = {"sso_only": True, "sso_issuer": "https://id.example", "sso_client_id": "x", "sso_name": "ID"}
    site = create_app(replace(runtime, settings=replace(runtime.settings, **told)))
    fresh = site.test_client()
    fresh.set_cookie("staff_session", client.get_cookie("staff_session").value)
    form = {"csrf_token": csrf_in(fresh), "name": "x", "place": "/kmd/east/", "days": "9"}
    assert "lcs_" in fresh.post("/account/tokens", data=form).text
    clock.advance(minutes=16)
    assert "sign in again" in fresh.post("/account/tokens", data=form).text


@ON_SQLITE
def test_lists_come_in_parts_and_too_many_requests_or_guesses_have_to_wait(app, clock):
    token, _ = make(app, LEAD, "/kmd/")
    for address in ("/api/v1/measures", "/api/v1/places", "/api/v1/series?measure=ex.say.mean"):
        whole = ask(app, address, token).json["items"]
        parts, following = [], address + ("&" if "?" in address else "?") + "limit=2"
        while following:
            part = ask(app, following, token).json
            assert 1 <= len(part["items"]) <= 2
            parts, following = parts + part["items"], part["next"]
        assert parts == whole or len(whole) == 100
    assert len(ask(app, "/api/v1/series", token).json["items"]) == 3
    for odd in ("limit=0", "limit=501", "limit=x", "limit=%C2%B2", "after=%00", "after=" + "a" * 200):
        reply = ask(app, f"/api/v1/series?{odd}", token)
        assert (reply.status_code, reply.mimetype) == (400, "application/problem+json")
    refuse_too_many(app, token, clock)


def refuse_too_many(app, token, clock):
    clock.advance(seconds=61)
    got = [ask(app, "/api/v1/openapi.json", token).status_code for _ in range(121)]
    assert got == [200] * 120 + [429]
    assert int(ask(app, "/api/v1/places", token).headers["Retry-After"]) <= 61
    clock.advance(seconds=61)
    assert ask(app, "/api/v1/places", token).status_code == 200
    guesses = [ask(app, "/api/v1/places", f"lcs_{n}").status_code for n in range(31)]
    assert guesses == [401] * 30 + [429]


@ON_SQLITE
def test_the_description_names_every_route_and_every_field_that_is_given(app):
    token, _ = make(app, LEAD, "/kmd/")
    told = ask(app, "/api/v1/openapi.json", token).json
    assert told["openapi"] == "3.1.0"
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1")]
    plain = {re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")): rule for rule in rules}
    assert set(plain) == set(told["paths"])
    addresses = {"/series/{measure_id}/{place_id}": "/series/ex.say.mean/hilltop"}
    for path, item in told["paths"].items():
        assert set(item) == {"get"}
        named = {row["name"] for row in item["get"]["parameters"] if row["in"] == "path"}
        assert named == plain[path].arguments
        given = ask(app, "/api/v1" + addresses.get(path, path), token)
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert list(faults(schema, given.json, told, path)) == []
    refused = app.test_client().get("/api/v1/places")
    assert list(faults(told["components"]["schemas"]["Problem"], refused.json, told, "problem")) == []
    broken = json.loads(ask(app, ONE.format("hilltop"), token).text) | {"unit": None, "more": 1}
    assert len(list(faults({"$ref": "#/components/schemas/Series"}, broken, told, "x"))) == 2


KINDS = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def faults(schema, value, told, where):
    """Say where a value is not as its schema has it; fields the schema does not name are faults too."""
    if "$ref" in schema:
        schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        tries = [list(faults(one, value, told, where)) for one in schema["anyOf"]]
        yield from [] if [] in tries else [f"{where}: fits none of them"]
    elif not isinstance(value, KINDS[schema["type"]]) or value not in schema.get("enum", [value]):
        yield f"{where}: {value!r} is no {schema['type']}"
    elif schema["type"] == "array":
        for index, item in enumerate(value):
            yield from faults(schema["items"], item, told, f"{where}[{index}]")
    elif schema.get("properties"):
        yield from faults_of_fields(schema, value, told, where)


def faults_of_fields(schema, value, told, where):
    for name in {*schema["required"], *value}:
        if name in value and name in schema["properties"]:
            yield from faults(schema["properties"][name], value[name], told, f"{where}.{name}")
        else:
            yield f"{where}.{name}: named on one side only"

import pytest
from werkzeug.routing import AnyConverter, UnicodeConverter

from survey_app.accounts import staff
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import circles_of
from tests.integration.signed_in import csrf_in, enter, settle

LEAD = "lead@example.org"


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, LEAD, "nobody@example.org")


def test_no_page_for_staff_opens_without_signing_in(app, client):
    staffed = [rule for rule in app.url_map.iter_rules() if set(circles_of(app, rule.endpoint)) & set(ROLES)]
    assert len(staffed) > 10
    for rule in staffed:
        values = {
            name: min(converter.items)
            if isinstance(converter, AnyConverter)
            else "1" * 22
            if isinstance(converter, UnicodeConverter)
            else "1"
            for name, converter in rule._converters.items()
        }
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, values)
        reply = client.open(address, method="POST" if "POST" in rule.methods else "GET")
        assert (rule.endpoint, reply.status_code) == (rule.endpoint, 303)
        assert reply.headers["Location"].startswith("/sign-in")


def test_signing_in_leads_to_the_page_asked_for(app):
    client, reply = enter(app, LEAD, next="/dashboard/model?place=east")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/dashboard/model?place=east")
    assert client.get("/dashboard/model?place=east").status_code == 200


@pytest.mark.parametrize(
    "evil", ["https://evil.example", "//evil.example", "/dashboard//evil", "/dashboard\\evil", "/sign-out"]
)
def test_signing_in_never_leads_elsewhere(app, evil):
    assert enter(app, LEAD, next=evil)[1].headers["Location"] == "/dashboard"


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(app):
    cookie = enter(app, LEAD)[1].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_wrong_tries_get_the_same_page(app):
    pages = {enter(app, email, "wrong")[1].text for email in (LEAD, "unknown@example.org")}
    assert len(pages) == 1
    assert "Sign in with" not in pages.pop()  # no provider is set up
    assert enter(app, LEAD, "wrong")[1].status_code == 401


def test_a_session_planted_before_signing_in_dies(app):
    client, _ = enter(app, LEAD)
    old = client.get_cookie("staff_session").value
    client.post("/sign-in", data={"email": LEAD, "password": "river candle orbit"})
    assert client.get_cookie("staff_session").value != old
    thief = app.test_client()
    thief.set_cookie("staff_session", old)
    assert thief.get("/dashboard").status_code == 303


def test_signing_out_needs_our_form_and_ends_the_session(app):
    client, _ = enter(app, LEAD)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf_token": "0" * 64}).status_code == 403
    assert client.post("/sign-out", data={"csrf_token": csrf_in(client)}).status_code == 303
    assert client.get("/dashboard").status_code == 303


def test_a_form_of_another_session_does_not_count(app):
    first, _ = enter(app, LEAD)
    second, _ = enter(app, LEAD)
    assert second.post("/sign-out", data={"csrf_token": csrf_in(first)}).status_code == 403


def test_a_deactivated_person_is_out_at_once(app, runtime):
    client, _ = enter(app, LEAD)
    with runtime.database.writing() as session:
        staff.deactivate(session, 1)
    assert client.get("/dashboard").status_code == 303


def test_somebody_without_a_role_sees_no_page(app):
    client, _ = enter(app, "nobody@example.org")
    assert client.get("/dashboard").status_code == 403
    assert client.get("/workspace").status_code == 403


def test_looking_at_pages_keeps_a_session_alive(app, clock):
    client, _ = enter(app, LEAD)
    for _ in range(3):
        clock.advance(minutes=25)
        assert client.get("/dashboard").status_code == 200
    clock.advance(minutes=31)
    assert client.get("/dashboard").status_code == 303

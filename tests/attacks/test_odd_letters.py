"""What no keyboard makes, in every form and address: a NUL, which PostgreSQL takes not, and half a letter."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest

from survey_app.hear.channels import hooks, notify
from survey_app.settings import GatewayKind
from survey_app.show.pages.accounts.cookies import csrf_of
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who, circles_of
from survey_app.web.site import new_site
from tests.attacks.ground import MESSAGE, STATUS, everything, invited, send_in, text_in
from tests.attacks.sweeping import Samples, routes_of
from tests.attacks.two_places import fill, people
from tests.guards.sources import PACKAGE, modules

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
FIELD = re.compile(r"""form(?:\.get|\.getlist)?[(\[]["']([\w-]+)["']""")
FIELDS = sorted({name for path in modules(PACKAGE) for name in FIELD.findall(path.read_text("utf-8"))})
HALF = b"=%ed%a0%80"
NUMBER, ANY, PLAIN = re.compile(r"<int[^<>]*>"), re.compile(r"<any\((\w+)[^<>]*>"), re.compile(r"<[^<>]*>")
CALLS = ("/hooks/twilio/voice", "/hooks/twilio/voice/step", "/hooks/twilio/voice/status")
ASKED = "?" + "&".join(
    f"{one}=a%00b" for one in ("lang", "language", "look", "call", "phone", "by", "next", "code")
)

WRONG_CODES: dict[str, list[str]] = {"wrong_try": []}
"""A code of no poster in an address is counted, whatever the form beside it says."""


@pytest.fixture
def world(app, runtime):
    ids = fill(runtime)
    everybody = people(runtime, ids)
    return Samples(app, ids), everybody


def opened_by(everybody, route):
    """Return somebody who opens a route; the first where nobody needs to be anybody."""
    return next((one for one in everybody if one.signed_in and one.roles & route.allowed), everybody[0])


def test_no_form_takes_a_nul_and_half_a_letter_breaks_none(app, runtime, world):
    samples, everybody = world
    posts = []
    for route in routes_of(app):
        if route.method == "POST" and Who.PROVIDER not in route.circles:
            person = opened_by(everybody, route)
            posts.append((route, person, samples.address(route, person).own))
    before = everything(runtime.database) | WRONG_CODES
    said = [(address, post(app, runtime, person, address, b"=a%00b")) for _, person, address in posts]
    assert everything(runtime.database) | WRONG_CODES == before
    staff = [one for (route, *_), one in zip(posts, said, strict=True) if route.circles & set(ROLES)]
    assert [one for one in staff if one[1] != 400] == []
    assert len(staff) > 60
    said += [(address, post(app, runtime, person, address, HALF)) for _, person, address in posts]
    assert [one for one in said if one[1] >= 500] == []


def post(app, runtime, person, address, value):
    """Post every field that any form has, each with a value; return the status."""
    client = app.test_client()
    client.set_cookie("staff_session", person.token)
    csrf = csrf_of(runtime.keys, person.token).encode()
    body = b"&".join([b"csrf_token=" + csrf, *(name.encode() + value for name in FIELDS)])
    return client.post(address, data=body, content_type="application/x-www-form-urlencoded").status_code


def test_the_name_of_a_file_and_the_name_of_a_field_may_not_hold_one_either(app, runtime):
    client = app.test_client()
    for form in ({"code\x00": "1"}, {"file": (BytesIO(b"x"), "list\x00.csv")}):
        kind = {"content_type": "multipart/form-data"} if "file" in form else {}
        assert client.post("/q", data=form, **kind).status_code == 400
    assert client.post("/q", data={"code": "1"}).status_code == 404


def test_no_address_breaks_over_a_nul(app, runtime):
    client, said = app.test_client(), []
    for rule in app.url_map.iter_rules():
        if set(circles_of(app, rule.endpoint)) & set(ROLES):
            continue  # the gate refuses them all: test_nul_addresses.py
        path = PLAIN.sub("a%00b", ANY.sub(r"\1", NUMBER.sub("1", rule.rule)))
        said += [
            (
                method,
                path,
                client.open(path + ASKED, method=method, data={"x": "1"} if method == "POST" else None),
            )
            for method in sorted(rule.methods & {"GET", "POST"})
        ]
    assert [(*one, reply.status_code) for *one, reply in said if reply.status_code >= 500] == []
    assert len(said) > 60


def test_what_providers_pass_on_is_cleaned_and_breaks_nothing(app, runtime):
    client, settings = app.test_client(), runtime.settings
    invited(runtime)
    for path in (MESSAGE, STATUS, *CALLS):
        form = text_in(settings) | {
            "CallSid": "CA" + "1" * 32,
            "MessageStatus": "sent",
            "CallStatus": "completed",
        }
        form |= {
            "SpeechResult": "x",
            "Digits": "1",
            "ErrorCode": "1",
            "AnsweredBy": "human",
            "OptOutType": "x",
        }
        for name in form:
            reply = send_in(client, settings, path, form | {name: f"{form[name]}\x00\ufffe"})
            assert reply.status_code < 500, (path, name)


def test_half_letters_in_what_notify_says_break_nothing(runtime):
    settings = replace(runtime.settings, gateway=GatewayKind.NOTIFY, notify_callback_token="t" * 16)
    site = new_site(settings)
    needs = runtime.database, runtime.clock, settings, runtime.keys, runtime.library, runtime.wording
    site.register_blueprint(notify.blueprint(hooks.Needs(*needs)))
    client, headers = site.test_client(), {"Authorization": f"Bearer {'t' * 16}"}
    said = {
        "id": "0" * 36,
        "source_number": "447700900123",
        "message": "1",
        "status": "sent",
        "reference": "x",
    }
    for name, value in said.items():
        for path in ("/hooks/notify", "/hooks/notify/message"):
            body = json.dumps(said | {name: value + "\x00\ud800"})
            reply = client.post(path, data=body, headers=headers, content_type="application/json")
            assert reply.status_code in {204, 400}, (path, name)

"""The telephone in the browser: what it shows and does, over the same doors as real calls."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from survey_app.ask.sending.gateways import telephones
from survey_app.settings import Environment
from survey_app.show.pages.simulator import calls
from survey_app.show.pages.simulator import routes as phones
from survey_app.web.site import new_site
from tests.attacks.ground import ON_SQLITE, invited
from tests.fake_twilio import exchange

LANDLINE = "+442079460123"


@pytest.fixture
def joined(runtime):
    invited(runtime, phone=LANDLINE)
    with exchange(runtime) as connected:
        connected.site.register_blueprint(calls.blueprint(connected.phones))
        connected.site.register_blueprint(phones.blueprint(connected.phones))
        yield connected


def ring(joined):
    base = f"{joined.phones.settings.public_base_url}/hooks/twilio/voice"
    return telephones.ring(joined.phones, phone=LANDLINE, voice_url=base, status_url=f"{base}/status")


@ON_SQLITE
def test_a_call_is_answered_spoken_to_and_ended_with_plain_forms(joined):
    client, sid = joined.site.test_client(), ring(joined)
    address = f"/simulator/calls?call={sid}"

    def do(act, **form):
        reply = client.post(f"/simulator/calls/{sid}/{act}", data=form, base_url=joined.base)
        assert reply.status_code == 303
        return client.get(address, base_url=joined.base).text

    assert "The telephone is ringing." in client.get(address, base_url=joined.base).text
    assert "Press 1 to start" in do("answer")
    assert "Question 1 of 6." in do("key", key="1")
    assert "You chose 3, Mostly." in do("words", words="mostly")
    assert "did not get that" in do("words", words="mostly", heard="badly")
    assert "more slowly" in do("silence")
    page = do("end")
    assert "The call is over." in page
    assert not re.search(r'value="[0-9*#]"', page)
    assert client.post("/simulator/calls/CAnone/answer", base_url=joined.base).status_code == 404


@ON_SQLITE
def test_a_telephone_can_ring_us_and_a_wrong_number_is_said_to_be_one(joined):
    client = joined.site.test_client()
    reply = client.post(
        "/simulator/calls/ring", data={"phone": "020 7946 0123"}, base_url=joined.base, follow_redirects=True
    )
    assert "Thank you for ringing" in reply.text
    assert (
        "Error:"
        in client.post(
            "/simulator/calls/ring", data={"phone": "hello"}, base_url=joined.base, follow_redirects=True
        ).text
    )


@ON_SQLITE
def test_there_are_no_telephones_in_production(runtime):
    settings = replace(runtime.settings, env=Environment.PRODUCTION)
    site = new_site(settings)
    site.register_blueprint(calls.blueprint(calls.Needs(runtime.database, settings, runtime.clock)))
    client = site.test_client()
    assert client.get("/simulator/calls").status_code == 404
    assert client.post("/simulator/calls/ring", data={"phone": LANDLINE}).status_code == 404

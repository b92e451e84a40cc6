"""The provider's doors under attack: no signature, wrong account, replays, strange bytes."""

from __future__ import annotations

import threading
import zlib

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from survey_app.ask.sending.tables import DeliveryReceipt, Message
from survey_app.hear.channels import hooks
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.web.site import new_site

MESSAGE = "/hooks/twilio/message"
STATUS = "/hooks/twilio/status"
SID = "SM" + "0123456789abcdef" * 2


@pytest.fixture
def doors(runtime):
    site = new_site(runtime.settings)
    needs = hooks.Needs(
        runtime.database, runtime.clock, runtime.settings, runtime.keys, runtime.library, runtime.wording
    )
    site.register_blueprint(hooks.blueprint(needs))
    return site.test_client()


@pytest.fixture
def form(settings):
    return {
        "MessageSid": SID,
        "AccountSid": settings.twilio_account_sid,
        "From": "+447700900123",
        "To": settings.twilio_number,
        "Body": "1",
        "NumMedia": "0",
    }


@pytest.fixture
def post(doors, settings):
    def send(path, form, **more):
        url = settings.public_base_url + path
        signature = RequestValidator(settings.twilio_auth_token).compute_signature(url, form)
        headers = {"X-Twilio-Signature": signature} | more
        return doors.post(path, data=form, headers=headers)

    return send


def count(runtime, table):
    with runtime.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table))


@pytest.mark.parametrize("path", [MESSAGE, STATUS])
@pytest.mark.parametrize("signature", [None, "", "wrong", "x" * 5000, "\xe9\xe9"])
def test_without_a_right_signature_nothing_happens(doors, runtime, form, path, signature):
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    assert doors.post(path, data=form, headers=headers).status_code == 403
    assert doors.post(path, json=form, headers=headers).status_code == 403
    assert (count(runtime, InboundMessage), count(runtime, DeliveryReceipt)) == (0, 0)


def test_a_signed_text_gets_an_empty_reply_and_one_text_through_the_outbox(post, runtime, form):
    reply = post(MESSAGE, form)
    assert (reply.status_code, reply.mimetype) == (200, "text/xml")
    assert reply.text.endswith("<Response/>")
    assert (count(runtime, InboundMessage), count(runtime, Message)) == (1, 1)


def test_a_changed_value_breaks_the_signature(doors, settings, form, runtime):
    signature = RequestValidator(settings.twilio_auth_token).compute_signature(
        settings.public_base_url + MESSAGE, form
    )
    reply = doors.post(MESSAGE, data=form | {"Body": "2"}, headers={"X-Twilio-Signature": signature})
    assert reply.status_code == 403


def test_the_signature_holds_for_the_public_address_whatever_the_host_header_says(post, form):
    assert (
        post(MESSAGE, form, **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}).status_code
        == 200
    )


@pytest.mark.parametrize("query", ["?o=a%20b", "?o=%C5%82", "?o=%2F", "?o=a+b", "?o=" + "t" * 22])
def test_the_raw_query_is_part_of_what_is_signed(post, form, query):
    assert post(STATUS + query, form | {"MessageStatus": "sent"}).status_code == 204


@pytest.mark.parametrize(
    "wrong", [{"AccountSid": "AC" + "9" * 32}, {"To": "+447700900999"}, {"MessageSid": "../../etc"}]
)
def test_somebody_elses_account_or_number_is_refused(post, runtime, form, wrong):
    assert post(MESSAGE, form | wrong).status_code == 403
    assert count(runtime, InboundMessage) == 0


def test_a_text_delivered_many_times_has_one_effect(post, runtime, form):
    replies = {post(MESSAGE, form).text for _ in range(5)}
    assert len(replies) == 1
    assert (count(runtime, InboundMessage), count(runtime, Message)) == (1, 1)


def test_a_text_delivered_twice_at_once_has_one_effect(post, runtime, form):
    threads = [threading.Thread(target=post, args=(MESSAGE, form)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (count(runtime, InboundMessage), count(runtime, Message)) == (1, 1)


def test_a_replayed_receipt_is_kept_once(post, runtime, form):
    for _ in range(20):
        assert post(STATUS, form | {"MessageStatus": "delivered"}).status_code == 204
    assert count(runtime, DeliveryReceipt) == 1


@pytest.mark.parametrize("sender", ["whatsapp:+447700900123", "60777", "LocalCare", ""])
def test_what_is_not_a_phone_gets_no_reply(post, runtime, form, sender):
    assert post(MESSAGE, form | {"From": sender}).status_code == 200
    assert count(runtime, Message) == 0


def test_no_get_is_answered(doors):
    assert doors.get(MESSAGE).status_code == 405


@pytest.mark.parametrize("body", ["", "\x00\x0b\ufffe", "é" * 1600, "👍🏽 \u202e1", "   "])
def test_strange_bodies_are_taken(post, form, body):
    assert post(MESSAGE, form | {"Body": body}).status_code == 200


@limits(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(max_size=200), media=st.text(max_size=4))
def test_no_body_breaks_the_door(post, form, body, media):
    storable = body.encode("utf-8", "ignore").decode()
    filled = form | {"Body": storable, "NumMedia": media.encode("utf-8", "ignore").decode()}
    assert (
        post(
            MESSAGE, filled | {"MessageSid": f"SM{zlib.crc32(body.encode('utf-8', 'replace')):032}"}
        ).status_code
        == 200
    )

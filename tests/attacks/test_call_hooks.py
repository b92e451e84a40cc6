"""The provider's doors for calls: forged, odd and replayed requests; rows A040-A048 for the telephone."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_app.ask.population.tables import ChannelChoice
from survey_app.hear.conversations.calls.tables import PhoneCall
from survey_app.hear.responses.tables import Answer
from tests.attacks.ground import ON_SQLITE, PHONE, all_of, everything, invited, send_in, signed

VOICE, STEP, STATUS = "/hooks/twilio/voice", "/hooks/twilio/voice/step", "/hooks/twilio/voice/status"
SID = "CA" + "0123456789abcdef" * 2
WRONG = (None, "", "wrong", "x" * 5000, "\xe9\xe9")
ALLOWED = {
    "query",
    "input",
    "action",
    "method",
    "timeout",
    "numDigits",
    "finishOnKey",
    "actionOnEmptyResult",
    "speechTimeout",
    "language",
    "hints",
}


def call_in(settings, *, sid=SID, phone=PHONE, **more):
    row = {
        "CallSid": sid,
        "AccountSid": settings.twilio_account_sid,
        "From": phone,
        "To": settings.twilio_number,
        "Direction": "inbound",
        "CallStatus": "in-progress",
    }
    return row | more


def gather_of(reply):
    return ET.fromstring(reply.data).find("Gather")  # noqa: S314 - our own document


def action_of(reply):
    gather = gather_of(reply)
    if gather is None:
        return None
    parts = urlsplit(gather.get("action"))
    return f"{parts.path}?{parts.query}"


@ON_SQLITE
def test_a040_without_a_right_signature_no_call_is_heard(client, runtime, settings):
    invited(runtime, channel=ChannelChoice.CALL)
    form = call_in(settings)
    start = action_of(send_in(client, settings, VOICE, form))
    before = everything(runtime.database)
    for path, more in ((VOICE, {}), (start, {"Digits": "1"}), (STATUS, {"CallStatus": "completed"})):
        right = signed(settings, path, form | more)
        for signature in WRONG:
            headers = {} if signature is None else {"X-Twilio-Signature": signature}
            assert client.post(path, data=form | more, headers=headers).status_code == 403
        assert client.post(path, data=form | more | {"Digits": "9"}, headers=right).status_code == 403
        elsewhere = form | more | {"AccountSid": "AC" + "9" * 32}
        assert send_in(client, settings, path, elsewhere).status_code == 403
        assert client.get(path, headers=right).status_code == 405
    for odd in ("1", "t=1", "s=&t=1", f"s={'a' * 22}&t=1"):
        assert send_in(client, settings, f"{STEP}?{odd}", form | {"Digits": "9"}).status_code == 403
    somebody_elses = call_in(settings, sid="CA" + "9" * 32)
    assert send_in(client, settings, start, somebody_elses | {"Digits": "9"}).status_code == 403
    another_telephone = call_in(settings, phone="+447700900777")
    assert send_in(client, settings, start, another_telephone | {"Digits": "9"}).status_code == 403
    not_ours = call_in(settings) | {"To": "+447700900999"}
    assert send_in(client, settings, VOICE, not_ours).status_code == 403
    assert everything(runtime.database) == before


@ON_SQLITE
def test_a045_the_end_of_a_call_nobody_placed_changes_nothing(client, runtime, settings):
    invited(runtime, channel=ChannelChoice.CALL)
    for end in ("", "?o=" + "a" * 22, "?o=../.."):
        form = call_in(settings, sid="CA" + "8" * 32) | {"CallStatus": "no-answer"}
        assert send_in(client, settings, STATUS + end, form).status_code == 204
    assert all_of(runtime.database, PhoneCall) == []


@ON_SQLITE
@pytest.mark.parametrize(
    "phone", ["", "anonymous", "+266696687", "sip:me@example.org", "whatsapp:+447700900123"]
)
def test_a048_a_caller_we_cannot_know_is_asked_nothing(client, runtime, settings, phone):
    invited(runtime, channel=ChannelChoice.CALL)
    reply = send_in(client, settings, VOICE, call_in(settings, phone=phone))
    assert reply.status_code == 200
    assert b"Question" not in reply.data
    assert b"Press 1" not in reply.data


@ON_SQLITE
def test_a047_whatever_is_pressed_or_said_is_answered_with_a_document_that_can_be_read(
    client, runtime, settings
):
    invited(runtime, channel=ChannelChoice.CALL)
    numbers = itertools.count(1)
    heard = st.fixed_dictionaries(
        {},
        optional={
            "Digits": st.one_of(st.text(max_size=4), st.text("012345678*#", max_size=3)),
            "SpeechResult": st.one_of(
                st.text(max_size=60), st.sampled_from(["three", "yes", "maybe", "again"])
            ),
            "Confidence": st.one_of(st.text(max_size=5), st.floats().map(str)),
        },
    )
    talk(client, settings, numbers, heard)
    assert {answer.code for answer in all_of(runtime.database, Answer)} <= {0, 1, 2, 3, 4, None}


def talk(client, provider, numbers, heard):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(heard, max_size=6))
    def hold(said):
        form = call_in(provider, sid=f"CA{next(numbers):032x}")
        reply = send_in(client, provider, VOICE, form)
        for more in said:
            path = action_of(reply)
            if path is None:
                break
            plain = {name: value.encode("utf-8", "replace").decode() for name, value in more.items()}
            reply = send_in(client, provider, path, form | plain)
            assert reply.status_code == 200
            assert len(reply.data) < 64_000
            gather = gather_of(reply)
            assert gather is None or set(gather.attrib) <= ALLOWED

    hold()

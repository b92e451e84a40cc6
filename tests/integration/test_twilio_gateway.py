"""The official client against the simulated provider over loopback: every way a send can go wrong."""

from __future__ import annotations

import datetime as dt
import json
import socket
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as HttpResponse
from twilio.rest import Client

from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.simulator import Mode
from survey_app.ask.sending.gateways.tables import Direction, HandsetMessage
from survey_app.ask.sending.gateways.twilio import TwilioGateway
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.settings import CONFIG_DIR
from tests.fake_twilio import account_of, exchange

PHONE = "+447700900123"
LETTER = Letter("question:1:1", PHONE, "Question £1: äöü", "t" * 22)


@pytest.fixture
def joined(runtime):
    with exchange(runtime) as connected:
        yield connected


def elsewhere(settings, base):
    account = replace(account_of(settings), api_base=base, timeout_seconds=1)
    return TwilioGateway(account, load_refusals(CONFIG_DIR / "twilio_errors.toml"))


def test_a_text_arrives_as_written(joined):
    assert joined.gateway.send(LETTER).startswith("SM")
    assert joined.received(PHONE) == [LETTER.body]


@pytest.mark.parametrize(
    ("code", "verdict"), [(21610, Verdict.STOP_ADDRESS), (30001, Verdict.LATER), (21606, Verdict.NEVER)]
)
def test_a_refusal_carries_its_code_and_verdict(joined, code, verdict):
    joined.behaviour.mode, joined.behaviour.error_code = Mode.REFUSE, code
    with pytest.raises(Rejected) as refusal:
        joined.gateway.send(LETTER)
    assert (refusal.value.code, refusal.value.verdict) == (str(code), verdict)
    assert joined.received(PHONE) == []


def test_too_many_at_once_is_safe_to_try_again(joined):
    joined.behaviour.mode = Mode.BUSY
    with pytest.raises(Rejected) as refusal:
        joined.gateway.send(LETTER)
    assert refusal.value.verdict is Verdict.LATER


@pytest.mark.parametrize(
    "mode", [Mode.BREAK_AFTER_ACCEPTING, Mode.HANG_AFTER_ACCEPTING, Mode.NO_ID, Mode.GARBAGE]
)
def test_an_answer_that_says_too_little_leaves_us_unsure_and_the_list_knows(joined, mode, clock):
    joined.behaviour.mode, joined.behaviour.hang_seconds = mode, 2.5
    with pytest.raises(Unsure):
        joined.gateway.send(LETTER)
    assert joined.gateway.find(LETTER, tried_at=clock()).startswith("SM")
    assert joined.gateway.find(LETTER, tried_at=clock() - dt.timedelta(hours=1)) is None
    assert joined.received(PHONE) == [LETTER.body]


def test_no_connection_is_certainly_not_sent(settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(NotSent):
            elsewhere(settings, base).send(LETTER)


def test_a_server_that_never_answers_does_not_hold_us_for_ever(settings):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        started = time.monotonic()
        with pytest.raises(Unsure):
            elsewhere(settings, f"http://127.0.0.1:{deaf.getsockname()[1]}").send(LETTER)
        assert time.monotonic() - started < 5


def test_a_wrong_password_holds_the_sender(joined, settings):
    account = replace(account_of(joined.phones.settings), auth_token="wrong")
    gateway = TwilioGateway(account, load_refusals(CONFIG_DIR / "twilio_errors.toml"))
    with pytest.raises(Rejected) as refusal:
        gateway.send(LETTER)
    assert refusal.value.verdict is Verdict.HOLD


@pytest.fixture
def queued(runtime):
    def put(key="question:1:1"):
        outgoing = Outgoing(key, MessageKind.QUESTION, Medium.TEXT, PHONE, key, runtime.clock())
        with runtime.database.writing() as session:
            queue(session, outgoing, keys=runtime.keys, now=runtime.clock())

    return put


def final(runtime):
    """Return state and delivery of the only message, once its receipts have come in."""
    for _ in range(100):
        with runtime.database.reading() as session:
            message = session.scalars(sa.select(Message)).one()
        if message.delivery == "delivered":
            break
        time.sleep(0.02)
    return message.state, message.delivery


@pytest.mark.parametrize(
    "statuses",
    [("sent", "delivered"), ("delivered", "sent", "queued"), ("undelivered", "delivered") * 3],
)
def test_receipts_move_a_message_forward_in_any_order(joined, runtime, queued, statuses):
    joined.behaviour.statuses = statuses
    queued()
    joined.deliver()
    assert final(runtime) == (MessageState.ACCEPTED, "delivered")


def test_receipts_before_the_reply_prove_that_a_broken_off_text_got_out(joined, runtime, queued):
    joined.behaviour.mode, joined.behaviour.receipts_first = Mode.BREAK_AFTER_ACCEPTING, True
    queued()
    joined.deliver()
    assert final(runtime) == (MessageState.ACCEPTED, "delivered")
    runtime.clock.advance(hours=1)
    joined.deliver()
    assert len(joined.received(PHONE)) == 1


def test_without_receipts_a_broken_off_text_is_found_in_the_list_and_not_sent_again(joined, runtime, queued):
    joined.behaviour.mode, joined.behaviour.statuses = Mode.BREAK_AFTER_ACCEPTING, ()
    queued()
    joined.deliver()
    for _ in range(30):
        runtime.clock.advance(minutes=1)
        joined.deliver()
    with runtime.database.reading() as session:
        (message,) = session.scalars(sa.select(Message)).all()
        (text,) = session.scalars(sa.select(HandsetMessage)).all()
    assert (message.state, message.provider_id) == (MessageState.ACCEPTED, text.provider_id)


def test_what_people_texted_while_nobody_listened_can_be_fetched(joined, runtime):
    number, now = runtime.settings.twilio_number, runtime.clock()
    joined.gateway.send(LETTER)
    with runtime.database.writing() as session:
        for n, words in enumerate(("1", "STOP")):
            told = {"direction": Direction.SENT, "phone": PHONE, "body": words}
            handset.keep(session, joined.phones, sid=f"SM{n:032}", **told)
    found = joined.gateway.received(since=now - dt.timedelta(hours=2))
    assert [(one.sender, one.our_address, one.body) for one in found] == [
        (PHONE, number, "1"),
        (PHONE, number, "STOP"),
    ]
    assert joined.gateway.received(since=now + dt.timedelta(seconds=1)) == []


class AnsweringEverything(TwilioHttpClient):
    """A transport that notes what the official client asks, and gives one answer."""

    def __init__(self, answer):
        super().__init__()
        self.asked, self.answer = [], answer

    def request(self, method, url, _params=None, data=None, *_rest, **_more):
        self.asked.append((method, url, data))
        return HttpResponse(200 if method == "GET" else 201, json.dumps(self.answer))


def test_a_messaging_service_sends_and_says_which_of_its_senders_are_deaf(settings):
    account = replace(account_of(settings), messaging_service="MG" + "1" * 32)
    gateway = TwilioGateway(account, {})
    key = {"key": "alpha_senders", "next_page_url": None}
    transport = AnsweringEverything(
        {"sid": "SM1", "meta": key, "alpha_senders": [{"alpha_sender": "LocalCare"}]}
    )
    gateway._client = Client("AC" + "0" * 32, "secret", http_client=transport)
    assert gateway.alphanumeric_senders() == ["LocalCare"]
    gateway.send(LETTER)
    (_, listing, _), (_, _, form) = transport.asked
    assert f"/Services/{account.messaging_service}/AlphaSenders" in listing
    assert (form["MessagingServiceSid"], "From" in form) == (account.messaging_service, False)

"""Texts from the outbox to the simulated provider and back: receipts in every order, broken-off sends."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as HttpResponse
from twilio.rest import Client

from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.gateways.behaviour import Mode
from survey_app.ask.sending.gateways.contract import Letter, Rejected, Verdict
from survey_app.ask.sending.gateways.refusals import load_refusals
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

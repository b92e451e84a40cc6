"""Texts from the outbox to the simulated provider and back: receipts in every order, broken-off sends."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.ask.sending.gateways.contract import Letter, Rejected, Verdict
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.simulator import Mode
from survey_app.ask.sending.gateways.tables import HandsetMessage
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

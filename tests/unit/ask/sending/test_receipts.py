from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.sending import receipts
from survey_app.ask.sending.gateways.contract import Verdict
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.receipts import RANKS, Said
from survey_app.ask.sending.tables import DeliveryReceipt, Medium, Message, MessageKind, MessageState

SID = "SM" + "1" * 32


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def message(session, keys, clock):
    outgoing = Outgoing("question:1:1", MessageKind.QUESTION, Medium.TEXT, "+447700900123", "Hello", clock())
    queue(session, outgoing, keys=keys, now=clock())
    return session.scalars(sa.select(Message)).one()


def send(session, message, provider_id=SID):
    message.state, message.provider_id = MessageState.ACCEPTED, provider_id
    session.flush()


def say(session, clock, *statuses, **more):
    for status in statuses:
        receipts.record(session, Said(SID, status, **more), now=clock())


def delivery(session, message):
    session.expire_all()
    return message.delivery


def test_every_order_of_receipts_ends_in_the_same_state(session, message, clock):
    send(session, message)
    for order in itertools.permutations(["queued", "sent", "delivered", "undelivered"]):
        session.execute(sa.update(Message).values(delivery=None, delivery_rank=0))
        session.execute(sa.delete(DeliveryReceipt))
        say(session, clock, *order, *order)
        assert delivery(session, message) == "delivered"


def test_a_receipt_said_a_thousand_times_is_kept_once(session, message, clock):
    send(session, message)
    say(session, clock, *["sent"] * 50)
    assert session.scalar(sa.select(sa.func.count(DeliveryReceipt.id))) == 1


def test_a_receipt_that_comes_before_the_id_is_known_is_found_by_our_token(session, message, clock):
    message.state = MessageState.CLAIMED
    session.flush()
    say(session, clock, "sent", callback_token=message.callback_token)
    session.expire_all()
    assert (message.state, message.provider_id) == (MessageState.ACCEPTED, SID)


def test_a_receipt_without_a_message_waits_and_is_applied_later(session, message, clock):
    assert receipts.record(session, Said(SID, "delivered"), now=clock()) is False
    send(session, message)
    receipts.catch_up(session, message_id=message.id, provider_id=SID)
    assert delivery(session, message) == "delivered"


def test_a_word_we_do_not_know_is_kept_and_moves_nothing(session, message, clock):
    send(session, message)
    say(session, clock, "sent", "Teleported!")
    assert delivery(session, message) == "sent"
    assert set(session.scalars(sa.select(DeliveryReceipt.status))) == {"sent", "unknown"}


def test_an_opt_out_reported_by_the_provider_stops_the_address(session, message, clock):
    send(session, message)
    said = Said(SID, "undelivered", "21610")
    receipts.record(session, said, now=clock(), refusals={"21610": Verdict.STOP_ADDRESS})
    assert is_suppressed(session, message.address_index)


def test_a_passing_failure_stops_nothing(session, message, clock):
    send(session, message)
    said = Said(SID, "undelivered", "30003")
    receipts.record(session, said, now=clock(), refusals={"30003": Verdict.LATER})
    assert not is_suppressed(session, message.address_index)
    assert message.error_code == "30003"


def test_delivered_outranks_every_failure():
    assert RANKS["delivered"] > max(RANKS[word] for word in ("failed", "undelivered", "canceled"))

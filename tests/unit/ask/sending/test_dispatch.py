from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.population.consent import is_suppressed, suppress
from survey_app.ask.sending import outbox
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.gateways.contract import NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState

PHONE = "+447700900123"
EVENING = dt.datetime(2026, 11, 2, 21, tzinfo=dt.UTC)


class FakeGateway:
    def __init__(self):
        self.sent, self.tried, self.faults, self.known = [], 0, [], None

    def send(self, letter):
        self.tried += 1
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(letter)
        return f"SM{len(self.sent):032}"

    def find(self, _letter, **_moment):
        return self.known


class FakeHooks:
    wanted = True

    def link(self, _session, invitation_id):
        return f"http://localhost/s/token{invitation_id}"

    def still_wanted(self, _session, _invitation_id):
        return self.wanted

    def may_invite(self, _session, _invitation_id):
        return self.wanted

    def is_awaited(self, _session, _key, _invitation_id):
        return self.wanted

    def news_wanted(self, _session, _address_index):
        return self.wanted


@pytest.fixture
def gateway():
    return FakeGateway()


@pytest.fixture
def hooks():
    return FakeHooks()


@pytest.fixture
def dispatcher(database, keys, clock, gateway, hooks):
    gateways = {Medium.TEXT: gateway, Medium.EMAIL: gateway}
    return Dispatcher(database, Carrier(gateways, keys, hooks), clock)


@pytest.fixture
def put(database, keys, clock):
    def _put(kind=MessageKind.QUESTION, key="question:1:1", body="Hello", **more):
        outgoing = Outgoing(key, kind, Medium.TEXT, PHONE, body, clock(), **more)
        with database.writing() as session:
            return queue(session, outgoing, keys=keys, now=clock())

    return _put


def only(database):
    with database.reading() as session:
        return session.scalars(sa.select(Message)).one()


def test_a_message_goes_out_once_with_its_link(dispatcher, put, gateway, database):
    put(body="Open {link}", invitation_id=7)
    assert dispatcher.run_once() == 1
    assert dispatcher.run_once() == 0
    assert [letter.body for letter in gateway.sent] == ["Open http://localhost/s/token7"]
    message = only(database)
    assert (message.state, message.body) == (MessageState.ACCEPTED, "Open {link}")


def test_the_same_key_twice_is_one_message(put, database):
    assert put() is True
    assert put(body="Other words") is False
    assert only(database).body == "Hello"


def test_an_address_that_asked_us_to_stop_gets_nothing_but_the_confirmation(
    dispatcher, put, gateway, database, clock
):
    put()
    with database.writing() as session:
        suppress(session, phone_index=only(database).address_index, reason="opted out", at=clock())
    assert put(key="question:1:2") is False
    assert put(MessageKind.STOP_DONE, key="stop:1", body="Stopped") is True
    dispatcher.run_once()
    assert [letter.body for letter in gateway.sent] == ["Stopped"]


@pytest.mark.parametrize(
    "asked", [{"kind": MessageKind.REMINDER, "invitation_id": 7}, {"kind": MessageKind.NEWS}]
)
def test_what_is_not_wanted_any_more_is_taken_back(dispatcher, put, gateway, hooks, database, asked):
    put(**asked)
    hooks.wanted = False
    dispatcher.run_once()
    assert gateway.sent == []
    assert only(database).state is MessageState.WITHDRAWN


def test_withdrawing_takes_back_only_what_waits(dispatcher, put, database):
    put(MessageKind.INVITE, key="invite:7", invitation_id=7)
    dispatcher.run_once()
    put(MessageKind.REMINDER, key="reminder:7", invitation_id=7)
    with database.writing() as session:
        assert outbox.withdraw(session, invitation_id=7) == 1
        states = dict(session.execute(sa.select(Message.key, Message.state)).all())
    assert states == {"invite:7": MessageState.ACCEPTED, "reminder:7": MessageState.WITHDRAWN}


def test_an_invitation_waits_for_the_morning_and_a_reply_does_not(dispatcher, put, gateway, clock):
    put(MessageKind.INVITE, key="invite:7", invitation_id=7)
    clock.set(EVENING)
    put(MessageKind.QUESTION)
    dispatcher.run_once()
    assert [letter.key for letter in gateway.sent] == ["question:1:1"]
    clock.set(EVENING + dt.timedelta(hours=11))
    dispatcher.run_once()
    assert [letter.key for letter in gateway.sent] == ["question:1:1", "invite:7"]


def test_an_invitation_may_not_stay_with_the_provider_into_the_night(dispatcher, put, gateway, clock):
    clock.set(dt.datetime(2026, 11, 2, 19, 30, tzinfo=dt.UTC))
    put(MessageKind.INVITE, invitation_id=7)
    dispatcher.run_once()
    assert gateway.sent[0].valid_seconds == 29 * 60


def test_what_certainly_did_not_get_out_is_tried_again(dispatcher, put, gateway, clock):
    put()
    gateway.faults = [NotSent("no connection"), Rejected("20429", Verdict.LATER)]
    for _ in range(3):
        dispatcher.run_once()
        clock.advance(minutes=2)
    assert len(gateway.sent) == 1


def test_a_refusal_for_good_is_not_tried_again(dispatcher, put, gateway, clock, database):
    put()
    gateway.faults = [Rejected("21606", Verdict.NEVER)]
    for _ in range(3):
        dispatcher.run_once()
        clock.advance(hours=1)
    message = only(database)
    assert (gateway.tried, message.state, message.error_code) == (1, MessageState.REJECTED, "21606")


def test_a_number_the_provider_may_not_text_is_left_alone(dispatcher, put, gateway, database):
    put()
    gateway.faults = [Rejected("21610", Verdict.STOP_ADDRESS)]
    dispatcher.run_once()
    with database.reading() as session:
        assert is_suppressed(session, only(database).address_index)


def test_a_fault_of_the_account_holds_everything_for_a_while(dispatcher, put, gateway, clock):
    put()
    gateway.faults = [Rejected("20003", Verdict.HOLD)]
    dispatcher.run_once()
    put(key="question:1:2")
    dispatcher.run_once()
    assert gateway.tried == 1
    clock.advance(minutes=30)
    dispatcher.run_once()
    assert len(gateway.sent) == 1  # one message tries whether the provider is back
    dispatcher.run_once()
    assert len(gateway.sent) == 2


def test_a_message_in_doubt_is_not_sent_again_but_found_in_the_providers_list(
    dispatcher, put, gateway, clock, database
):
    put()
    gateway.faults = [Unsure("broke")]
    dispatcher.run_once()
    assert only(database).state is MessageState.UNKNOWN
    gateway.known = "SM" + "f" * 32
    clock.advance(minutes=3)
    dispatcher.run_once()
    assert (only(database).state, only(database).provider_id) == (MessageState.ACCEPTED, gateway.known)
    assert gateway.tried == 1


def test_a_lost_message_is_sent_once_more_after_a_quarter_of_an_hour_and_then_never(
    dispatcher, put, gateway, clock, database
):
    put()
    gateway.faults = [Unsure("broke"), Unsure("broke again")]
    for _ in range(40):
        dispatcher.run_once()
        clock.advance(minutes=1)
        if clock.at < dt.datetime(2026, 11, 2, 9, 14, tzinfo=dt.UTC):
            assert gateway.tried == 1
    assert gateway.tried == 2
    assert only(database).state is MessageState.LOST


def test_a_confirmation_of_a_stop_is_never_sent_twice(dispatcher, put, gateway, clock):
    put(MessageKind.STOP_DONE)
    gateway.faults = [Unsure("broke")]
    for _ in range(40):
        dispatcher.run_once()
        clock.advance(minutes=1)
    assert gateway.tried == 1


def test_a_dispatcher_that_dies_leaves_doubt_and_not_a_second_text(dispatcher, put, gateway, clock, database):
    class Killed(BaseException):
        pass

    put()
    gateway.faults = [Killed()]
    with pytest.raises(Killed):
        dispatcher.run_once()
    assert only(database).state is MessageState.CLAIMED
    clock.advance(minutes=6)
    dispatcher.run_once()
    assert (gateway.tried, only(database).state) == (1, MessageState.UNKNOWN)


def test_one_address_that_cannot_be_opened_does_not_hold_the_others_up(dispatcher, put, gateway, database):
    put(key="question:1:1")
    with database.writing() as session:
        session.execute(sa.update(Message).values(address_sealed=b"x" * 40))
    put(key="question:1:2")
    dispatcher.run_once()
    assert [letter.key for letter in gateway.sent] == ["question:1:2"]


def test_what_is_out_of_date_is_not_sent(dispatcher, put, gateway, clock):
    put(not_after=clock() + dt.timedelta(minutes=1))
    clock.advance(minutes=2)
    dispatcher.run_once()
    assert gateway.sent == []

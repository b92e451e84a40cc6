"""What the dispatcher does when things go on going wrong: breakers, other days, caps, silence, filters."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.population.consent import SuppressionReason, suppress
from survey_app.ask.sending import breakers, receipts
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.gateways.contract import NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.outbox import Outgoing, address_index, queue
from survey_app.ask.sending.policy import Policy
from survey_app.ask.sending.receipts import Said
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from tests.unit.ask.sending.test_dispatch import FakeGateway, FakeHooks

LATER = {"30003": Verdict.LATER, "30008": Verdict.LATER}
PRICES = {Medium.TEXT: 4.0}
PHONE = "+447700900123"
# The rules are the same on both engines; what is unusual SQL runs on both in test_dispatch and test_outbox.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class SearchingGateway(FakeGateway):
    ids: tuple[str, ...] = ()
    away = False

    def matches(self, _letter, **_moment):
        if self.away:
            raise NotSent("no list")
        return list(self.ids)


class Mail(FakeGateway):
    def send(self, letter):
        return super().send(letter).replace("SM", "mail-")


class World:
    def __init__(self, database, keys, clock):
        self.database, self.keys, self.clock = database, keys, clock
        self.texts, self.mail = SearchingGateway(), Mail()
        self.policy = Policy(operator_email="operator@example.org", prices=PRICES)

    @property
    def dispatcher(self):
        gateways = {Medium.TEXT: self.texts, Medium.EMAIL: self.mail}
        return Dispatcher(self.database, Carrier(gateways, self.keys, FakeHooks(), self.policy), self.clock)

    def put(self, kind=MessageKind.QUESTION, key="question:1:1", *, phone=PHONE, **more):
        medium = Medium.EMAIL if kind is MessageKind.ALERT else Medium.TEXT
        outgoing = Outgoing(key, kind, medium, phone, more.pop("body", "Hello"), self.clock(), **more)
        with self.database.writing() as session:
            return queue(session, outgoing, keys=self.keys, now=self.clock())

    def say(self, provider_id, status, code="", token=""):
        with self.database.writing() as session:
            said = Said(provider_id, status, code, token)
            receipts.record(session, said, now=self.clock(), refusals=LATER)

    def messages(self, **chosen):
        with self.database.reading() as session:
            return list(session.scalars(sa.select(Message).filter_by(**chosen).order_by(Message.id)))

    def run(self, times=1, *, minutes=1):
        dispatcher = self.dispatcher
        for _ in range(times):
            dispatcher.run_once()
            self.clock.advance(minutes=minutes)


@pytest.fixture
def world(database, keys, clock):
    return World(database, keys, clock)


def test_a_breaker_opens_after_five_failures_alarms_once_and_holds_only_its_medium(world):
    for number in range(8):
        world.put(key=f"question:{number}:1", phone=f"+44770090012{number}")
    world.texts.faults = [NotSent("no connection")] * 7
    world.dispatcher.run_once()
    assert world.texts.tried == breakers.MOST_FAILURES  # the rest of the batch is given back untouched
    assert {message.attempts for message in world.messages(state=MessageState.PENDING)} == {0, 1}
    world.put(MessageKind.ALERT, key="alert:1", phone="on-call@example.org")
    world.run(3)
    assert world.texts.tried == breakers.MOST_FAILURES
    assert {letter.key.partition(":")[0] for letter in world.mail.sent} == {"alert", "alarm"}
    world.clock.advance(minutes=15)
    world.run()
    assert world.texts.tried == breakers.MOST_FAILURES + 1  # one tries, fails, and the others wait on
    world.clock.advance(minutes=16)
    world.texts.faults = []
    world.run(3)
    assert len(world.texts.sent) == 8
    assert len([letter for letter in world.mail.sent if letter.key.startswith("alarm")]) == 1


def test_help_for_somebody_in_danger_does_not_wait_for_a_breaker(world):
    world.put()
    world.texts.faults = [Rejected("20003", Verdict.HOLD)]
    world.run()
    world.put(MessageKind.SIGNPOST, key="signpost:1", body="Call 999")
    world.run()
    assert [letter.body for letter in world.texts.sent] == ["Call 999"]


@pytest.mark.parametrize(("code", "most"), [("30003", 3), ("30008", 2)])
def test_a_phone_that_is_off_is_tried_on_other_days_and_then_left_alone(world, code, most):
    world.put(MessageKind.INVITE, key="invite:7", invitation_id=7)
    days = []
    for _ in range(5 * 4):
        before = len(world.texts.sent)
        world.dispatcher.run_once()
        if len(world.texts.sent) > before:
            days.append(world.clock().date())
            world.say(f"SM{len(world.texts.sent):032}", "undelivered", code)
        world.clock.advance(hours=6)
    assert len(days) == len(set(days)) == most
    reached = world.put(MessageKind.INVITE, key="invite:8", invitation_id=8)
    assert reached is (code != "30003")


def test_a_text_that_arrives_ends_the_count_of_days(world):
    world.put(MessageKind.INVITE, key="invite:7", invitation_id=7)
    world.run()
    world.say("SM" + "1".zfill(32), "undelivered", "30003")
    for number in range(8, 11):
        world.clock.advance(days=1)
        world.put(MessageKind.QUESTION, key=f"question:{number}:1")
        world.run()
        status = "delivered" if number == 9 else "undelivered"
        world.say(f"SM{len(world.texts.sent):032}", status, "" if number == 9 else "30003")
    assert world.put(MessageKind.INVITE, key="invite:11", invitation_id=11)


def test_a_silent_provider_is_told_after_three_days_and_corrected_when_it_speaks(world):
    world.put()
    world.run()
    world.clock.advance(hours=73)
    world.run()
    assert world.messages()[0].delivery == receipts.NO_RECEIPT
    world.say("SM" + "1".zfill(32), "sent")
    assert world.messages()[0].delivery == receipts.NO_RECEIPT
    world.say("SM" + "1".zfill(32), "delivered")
    assert world.messages()[0].delivery == "delivered"


def test_an_unknown_code_ends_nothing_but_its_message(world):
    world.put()
    world.run()
    world.say("SM" + "1".zfill(32), "undelivered", "39999")
    world.run()
    assert (world.messages()[0].delivery, world.messages()[0].error_code) == ("undelivered", "39999")
    assert world.put(key="question:1:2")


def test_what_the_provider_gave_up_to_avoid_a_duplicate_is_never_sent_again(world):
    world.put()
    world.texts.faults = [Unsure("timed out", "30410")]
    world.run(6, minutes=5)
    assert (world.texts.tried, world.messages()[0].state) == (1, MessageState.LOST)


def test_a_lost_message_that_a_receipt_proves_was_sent_after_all(world):
    world.put()
    world.texts.faults = [Unsure("broke", "30410")]
    world.run(6, minutes=5)
    world.say("SM" + "a" * 32, "delivered", token=world.messages()[0].callback_token)
    message = world.messages()[0]
    assert (message.state, message.delivery) == (MessageState.ACCEPTED, "delivered")


def test_a_receipt_stops_the_second_sending_and_a_second_id_counts_as_sent_twice(world):
    world.put()
    world.texts.faults = [Unsure("broke")]
    world.run()
    token = world.messages()[0].callback_token
    with world.database.writing() as session:  # given up: it waits for its one resend
        session.execute(sa.update(Message).values(state=MessageState.PENDING, resent=True))
    world.say("SM" + "a" * 32, "sent", token=token)
    world.run(5)
    assert world.texts.tried == 1
    world.say("SM" + "b" * 32, "delivered", token=token)
    assert world.messages()[0].sent_twice


def test_of_two_texts_alike_the_one_nobody_has_is_the_one_in_doubt(world):
    world.put()
    world.run()
    world.put(key="question:1:2")
    world.texts.faults = [Unsure("broke")]
    world.run()
    world.texts.ids = ("SM" + "1".zfill(32), "SM" + "f" * 32)
    world.run(4)
    assert [message.provider_id for message in world.messages()] == list(world.texts.ids)


def test_a_list_that_cannot_be_read_proves_nothing(world):
    world.put()
    world.texts.faults, world.texts.away = [Unsure("broke")], True
    world.run(8, minutes=10)
    assert (world.texts.tried, world.messages()[0].state) == (1, MessageState.UNKNOWN)
    world.clock.advance(hours=24)
    world.run(2, minutes=20)
    assert (world.texts.tried, world.messages()[0].state) == (1, MessageState.LOST)


def test_a_filtered_text_never_goes_to_that_phone_again_and_many_raise_one_alarm(world):
    for number in range(4):
        world.put(key=f"question:{number}:1", phone=f"+44770090012{number}", body="Win now")
    world.run()
    for number in range(1, 4):
        world.say(f"SM{number:032}", "undelivered", "30007")
    assert not world.put(key="question:9:1", phone="+447700900120", body="Win now")
    assert world.put(key="question:9:2", phone="+447700900120", body="Other words")
    assert world.put(key="question:9:3", phone="+447700900123", body="Win now")  # that one had arrived
    world.run(3)
    assert [letter.subject for letter in world.mail.sent] == ["Texts are being filtered"]


def test_at_the_days_cap_only_replies_and_texts_about_danger_leave(world):
    world.policy = Policy("operator@example.org", prices=PRICES, daily_cap_pence=9)
    for number in range(4):
        world.put(MessageKind.INVITE, f"invite:{number}", phone=f"+44770090012{number}", invitation_id=number)
    world.put(MessageKind.QUESTION, phone="+447700900129")
    world.run(5)
    sent = [letter.key for letter in world.texts.sent]
    assert sent == ["question:1:1", "invite:0", "invite:1"][: len(sent)]
    assert (
        len(sent) == 3
    )  # 4p for the reply; two more would be 12p, but the cap is looked at before the batch
    world.put(MessageKind.SIGNPOST, key="signpost:1")
    world.run()
    assert world.texts.sent[-1].key == "signpost:1"
    assert [letter.subject for letter in world.mail.sent] == ["Today's spending cap is reached"]
    world.clock.advance(days=1)
    world.run(2)
    assert world.texts.sent[-1].key == "invite:3"


def test_cost_and_segments_are_those_of_the_text_that_left(world):
    world.put(body="x" * 161)
    assert (world.messages()[0].segments, world.messages()[0].cost) == (2, 0)
    world.run()
    assert (world.messages()[0].segments, world.messages()[0].cost) == (2, 800)


def test_a_sender_hands_over_only_so_many_texts_a_second(world):
    world.policy = Policy(texts_a_second=3)
    for number in range(7):
        world.put(key=f"question:{number}:1", phone=f"+44770090012{number}")
    dispatcher = world.dispatcher
    assert [dispatcher.run_once() for _ in range(3)] == [3, 0, 0]
    world.clock.advance(seconds=1)
    assert dispatcher.run_once() == 3


def test_two_machines_that_chat_are_slowed_before_the_provider_cuts_them_off(world):
    world.policy = Policy(texts_in_half_a_minute=12)
    for number in range(14):
        world.put(MessageKind.REPLY, key=f"reply:{number}")
    world.dispatcher.run_once()
    assert len(world.texts.sent) == 12
    world.clock.advance(seconds=31)
    world.dispatcher.run_once()
    assert len(world.texts.sent) == 14


def test_a_phone_the_provider_cut_off_rests_while_others_go_on(world):
    world.put(MessageKind.REPLY, key="reply:1")
    world.texts.faults = [Rejected("14107", Verdict.HOLD_ADDRESS)]
    world.run()
    world.put(MessageKind.REPLY, key="reply:2", phone="+447700900555")
    world.run()
    assert [letter.key for letter in world.texts.sent] == ["reply:2"]
    world.run(2, minutes=20)
    assert [letter.key for letter in world.texts.sent] == ["reply:2", "reply:1"]
    assert len(world.mail.sent) == 1


def test_a_survey_gets_at_most_two_unasked_messages_and_failed_ones_do_not_count(world):
    world.put(MessageKind.INVITE, key="invite:7", invitation_id=7)
    world.run()
    world.say("SM" + "1".zfill(32), "undelivered", "30006")
    assert world.put(MessageKind.INVITE, key="invite:7:call", invitation_id=7)
    assert world.put(MessageKind.REMINDER, key="reminder:7", invitation_id=7)
    assert not world.put(MessageKind.REMINDER, key="reminder:7:letter", invitation_id=7)
    assert world.put(MessageKind.QUESTION, key="question:7:1", invitation_id=7)


def test_an_objection_holds_when_queued_and_again_when_sent(world, keys):
    index = address_index(keys, Medium.TEXT, PHONE)
    world.put()
    with world.database.writing() as session:
        suppress(session, phone_index=index, reason=SuppressionReason.ERASED, at=world.clock())
    assert not world.put(key="question:1:2")
    world.clock.advance(days=400)
    world.run()
    assert world.texts.sent == []
    assert world.messages()[0].state is MessageState.WITHDRAWN


def test_rules_say_when_a_breaker_tries_again(world):
    with world.database.writing() as session:
        assert breakers.allowed(session, Medium.TEXT, world.clock()) is None
    world.put()
    world.texts.faults = [Rejected("20003", Verdict.HOLD)]
    world.run()
    with world.database.writing() as session:
        assert breakers.allowed(session, Medium.TEXT, world.clock()) == 0
        later = world.clock() + dt.timedelta(minutes=16)
        assert breakers.allowed(session, Medium.TEXT, later) == 1

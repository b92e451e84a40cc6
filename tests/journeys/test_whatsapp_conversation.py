"""Whole surveys by WhatsApp, answers tapped, over real HTTP; and Notify's doors."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending.gateways.handset import Tap
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.hear.channels import hooks, notify
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState
from survey_app.jobs.polling import InboundPoll
from survey_app.settings import GatewayKind
from survey_app.web.site import new_site
from tests import factories
from tests.fake_twilio import exchange

PHONE = "+447700900123"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def invited(runtime):
    with runtime.database.writing() as session:
        place = factories.make_place(session)
        person = factories.make_participant(
            session, runtime.keys, place=place, phone=PHONE, channel=ChannelChoice.WHATSAPP
        )
        campaign = factories.make_campaign(session, places=[place], channels=["whatsapp"])
        invitation, _ = factories.make_invitation(
            session, runtime.keys, campaign=campaign, participant=person
        )
        return invitation.id


@pytest.fixture
def joined(runtime, invited):
    with exchange(runtime) as connected:
        yield connected


def rows(runtime, table):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(table).order_by(*sa.inspect(table).primary_key)).all()


def tap(joined, message, title):
    payload = next(payload for shown, payload in message.buttons if shown == title)
    return joined.whatsapp(PHONE, title, Tap(payload, message.provider_id))


def test_a_survey_by_tapping_from_the_first_reply_to_the_thanks(runtime, joined):
    items = runtime.library.get("pulse-user-6", 1).items
    (question,) = joined.whatsapp(PHONE, "1")
    codes = {}
    for item in items:
        assert [title for title, _ in question.buttons] == [option.label for option in item.options]
        codes[item.id] = item.options[0].code
        runtime.clock.advance(seconds=20)
        first, (question, *_) = question, tap(joined, question, item.options[0].label)
    assert "999" in question.body
    assert {row.item_id: row.code for row in rows(runtime, Answer)} == codes
    (response,) = rows(runtime, Response)
    assert (response.channel, response.state) == (Channel.WHATSAPP, ResponseState.FINISHED)
    assert tap(joined, first, first.buttons[1][0])  # a button of yesterday gets a friendly word


def test_stop_by_whatsapp_is_kept_and_confirmed_by_us(runtime, joined):
    (confirmed,) = joined.whatsapp(PHONE, "STOP")
    assert "not" in confirmed.body
    with runtime.database.reading() as session:
        assert is_suppressed(session, phone_index(runtime.keys, PHONE))


def test_a_question_that_leaves_after_a_day_goes_as_a_template_once(runtime, joined):
    joined.whatsapp(PHONE, "1")
    with runtime.database.writing() as session:
        late = Outgoing(
            "question:9:9:x",
            MessageKind.QUESTION,
            Medium.WHATSAPP,
            PHONE,
            "And\nthis?",
            runtime.clock(),
            free_until=runtime.clock().replace(year=2027),  # we believe it is free; the provider knows better
        )
        queue(session, late, keys=runtime.keys, now=runtime.clock())
    runtime.clock.advance(hours=25)
    joined.deliver()
    said = joined.on_whatsapp(PHONE)[-1].body
    assert said.startswith("Hello from Local Care. This question is still open: And this?")
    message = rows(runtime, Message)[-1]
    assert (message.state, message.free_until) == (MessageState.ACCEPTED, None)


NOTIFY_ID = "00000000-0000-0000-0000-00000000000"
TOKEN = "a-token-of-sixteen-or-more"


@pytest.fixture
def door(runtime):
    from dataclasses import replace

    settings = replace(
        runtime.settings,
        gateway=GatewayKind.NOTIFY,
        notify_callback_token=TOKEN,
        notify_number="+447700900000",
    )
    needs = hooks.Needs(
        runtime.database, runtime.clock, settings, runtime.keys, runtime.library, runtime.wording
    )
    site = new_site(settings)
    site.register_blueprint(notify.blueprint(needs))
    return site.test_client()


def told(door, path="", *, token=TOKEN, **said):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return door.post(f"/hooks/notify{path}", data=json.dumps(said), headers=headers).status_code


def test_a_text_through_notify_is_one_turn_and_its_fate_moves_the_message(runtime, door, invited):
    text = {"id": NOTIFY_ID + "1", "source_number": "447700900123", "message": "1\x00"}
    assert [told(door, "/message", **text) for _ in range(2)] == [204, 204]
    (inbound,) = rows(runtime, InboundMessage)
    (question,) = rows(runtime, Message)
    assert (inbound.intent, question.kind, question.medium) == ("answer", MessageKind.QUESTION, Medium.TEXT)
    fate = {"id": NOTIFY_ID + "2", "reference": question.callback_token, "status": "permanent-failure"}
    assert told(door, **fate) == 204
    (question,) = rows(runtime, Message)
    assert (question.delivery, question.error_code) == ("failed", "permanent")
    with runtime.database.reading() as session:
        assert is_suppressed(session, phone_index(runtime.keys, PHONE))


def test_a_text_that_notify_could_not_hand_over_is_fetched_and_takes_one_turn(runtime, door, invited):
    pytest.importorskip("notifications_python_client")
    from survey_app.ask.sending.gateways.notify import NotifyAccount, NotifyTexts
    from tests.fake_notify import KEY, fake_notify

    with fake_notify() as provider:
        heard = provider.texted(PHONE, "1", runtime.clock())
        assert told(door, "/message", id=heard, source_number="447700900123", message="1") == 204
        with runtime.database.writing() as session:
            session.execute(sa.update(Message).values(state=MessageState.ACCEPTED, sent_at=runtime.clock()))
        runtime.clock.advance(minutes=5)
        missed = provider.texted(PHONE, "4", runtime.clock())
        provider.texted("Bank", "Win", runtime.clock())
        account = NotifyAccount(KEY, provider.base, number="+447700900000")
        poll = InboundPoll(runtime, {Medium.TEXT: NotifyTexts(account)})
        assert [poll.run(), poll.run()] == [1, 0]
    assert told(door, "/message", id=missed, source_number="447700900123", message="4") == 204
    found = [(one.provider_id, one.intent) for one in rows(runtime, InboundMessage)]
    assert found == [(heard, "answer"), (missed, "answer")]
    assert len(rows(runtime, Answer)) == 1


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "\xe9"])
def test_without_the_token_nothing_comes_in(runtime, door, token):
    text = {"id": NOTIFY_ID + "1", "source_number": "447700900123", "message": "1"}
    assert told(door, "/message", token=token, **text) == told(door, token=token, **text) == 403
    assert rows(runtime, InboundMessage) == []


@pytest.mark.parametrize("said", [{}, {"id": 7}, {"id": "../x"}, {"id": None, "message": ["x"]}])
def test_what_is_no_message_of_notify_is_refused(door, said):
    assert told(door, **said) == told(door, "/message", **said) == 400
    sender = {"id": NOTIFY_ID + "1", "source_number": "60777", "message": {"a": 1}, "status": 7}
    assert told(door, "/message", **sender) == told(door, **sender) == 204

"""A whole survey by text, over real HTTP: invitation, questions, stop, danger."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.hear.conversations.tables import Conversation, ConversationState, InboundMessage
from survey_app.hear.responses.tables import Answer, Response, ResponseState
from survey_app.hear.safeguarding.alerts import open_alerts, sender_of, words_of
from tests import factories
from tests.fake_twilio import exchange

PHONE = "+447700900123"


@pytest.fixture
def invited(runtime):
    with runtime.database.writing() as session:
        place = factories.make_place(session)
        person = factories.make_participant(
            session, runtime.keys, place=place, phone=PHONE, channel=ChannelChoice.TEXT
        )
        campaign = factories.make_campaign(session, places=[place], instrument_id="pulse-user-6")
        invitation, _ = factories.make_invitation(
            session, runtime.keys, campaign=campaign, participant=person, channel="text"
        )
        return invitation.id


@pytest.fixture
def phone(runtime, invited):
    with exchange(runtime) as connected:
        yield lambda body, **more: connected.text(PHONE, body, **more)


@pytest.fixture
def joined(runtime, invited):
    with exchange(runtime) as connected:
        yield connected


def rows(runtime, table):
    with runtime.database.reading() as session:
        return session.execute(sa.select(table)).scalars().all()


def answers(runtime):
    return {row.item_id: row.code for row in rows(runtime, Answer)}


def items(runtime):
    return [item.id for item in runtime.library.get("pulse-user-6", 1).items]


def test_a_survey_from_the_first_reply_to_the_thanks(runtime, phone, invited):
    asked = runtime.library.get("pulse-user-6", 1).items
    assert phone("1") == [f"1/{len(asked)} {asked[0].sms}"]
    for number, item in enumerate(asked[1:], start=2):
        (question,) = phone("3")
        assert question.endswith(f"{number}/{len(asked)} {item.sms}")
    (thanks,) = phone("3")
    assert "999" in thanks
    assert answers(runtime) == dict.fromkeys(items(runtime), 3)
    assert [row.state for row in rows(runtime, Response)] == [ResponseState.FINISHED]
    assert [row.state for row in rows(runtime, Invitation)] == [InvitationState.ANSWERED]
    assert [row.state for row in rows(runtime, Conversation)] == [ConversationState.COMPLETED]


def test_the_same_message_twice_counts_once(runtime, phone):
    phone("1")
    assert len(phone("2", provider_id="SM" + "a" * 32)) == 1
    with runtime.database.reading() as session:
        row = session.execute(sa.select(InboundMessage).order_by(InboundMessage.id.desc())).scalars().first()
        assert row.intent == "answer"
    n_out = len(rows(runtime, Message))
    form_again(runtime, "SM" + "a" * 32)
    assert len(rows(runtime, Message)) == n_out
    assert list(answers(runtime).values()) == [2]


def form_again(runtime, provider_id):
    from survey_app.hear.conversations.inbound import Inbound
    from survey_app.hear.conversations.turns import Conversing, take_turn

    inbound = Inbound(provider_id, PHONE, runtime.settings.twilio_number, "4", runtime.clock())
    needs = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
    with runtime.database.writing() as session:
        assert take_turn(session, inbound, needs) is None


def test_words_of_a_label_are_an_answer(runtime, phone):
    phone("start please")
    phone("Mostly")
    assert list(answers(runtime).values()) == [3]


def test_what_cannot_be_read_is_asked_again_then_offered_the_link_then_left_out_and_waits(runtime, phone):
    phone("1")
    (again,) = phone("purple monkey")
    assert "one number" in again
    (last,) = phone("purple monkey")
    assert "SKIP" in last
    assert "/s/" in last
    (waits,) = phone("purple monkey")
    assert waits.startswith("Never mind")
    assert list(answers(runtime).values()) == [None]
    (onward,) = phone("1")
    assert onward.startswith("2/")


def test_skip_leaves_a_question_out(runtime, phone):
    phone("1")
    (onward,) = phone("skip")
    assert "2/" in onward
    assert list(answers(runtime).values()) == [None]


def test_back_asks_the_previous_question_and_its_new_answer_stands(runtime, phone):
    phone("1")
    phone("2")
    (again,) = phone("back")
    assert "1/" in again
    (onward,) = phone("4")
    assert "2/" in onward
    assert answers(runtime)[items(runtime)[0]] == 4


def test_help_says_who_asks_and_asks_nothing(runtime, phone):
    phone("1")
    (said,) = phone("help")
    assert runtime.settings.sender_name in said
    assert phone("2")[0].find("2/") >= 0


def test_not_now_leaves_the_door_open(runtime, phone):
    (said,) = phone("not interested")
    assert "/s/" in said
    assert [row.state for row in rows(runtime, Conversation)] == [ConversationState.DECLINED]
    (first,) = phone("1")
    assert first.startswith("1/")


def test_a_stop_in_plain_words_ends_everything_and_is_confirmed_once(runtime, phone):
    phone("1")
    phone("2")
    (said,) = phone("please stop texting me")
    assert said == runtime.wording.text("stop_done")
    assert phone("please stop texting me") == []
    assert list(answers(runtime).values()) == [2]
    assert [row.consent for row in rows(runtime, Participant)] == [Consent.WITHDRAWN]
    assert [row.state for row in rows(runtime, Conversation)] == [ConversationState.OPTED_OUT]
    assert [row.state for row in rows(runtime, Invitation)] == [InvitationState.CANCELLED]
    with runtime.database.reading() as session:
        assert is_suppressed(session, phone_index(runtime.keys, PHONE))


def test_the_providers_own_stop_word_is_recorded_and_not_answered_by_us(runtime, phone):
    phone("1")
    (said,) = phone("STOP")
    assert "unsubscribed" in said
    assert said not in {row.body for row in rows(runtime, Message)}
    assert [row.consent for row in rows(runtime, Participant)] == [Consent.WITHDRAWN]


@pytest.mark.parametrize(
    ("words", "number"),
    [("I want to kill myself", "116 123"), ("help me i have fallen and cant get up", "999")],
)
def test_danger_is_signposted_and_alerted_and_never_an_answer(runtime, joined, words, number):
    joined.text(PHONE, "1")
    (said,) = joined.text(PHONE, f"{words} 3")
    assert number in said
    assert answers(runtime) == {}
    with runtime.database.reading() as session:
        (alert,) = open_alerts(session)
        assert words_of(alert, runtime.keys).startswith(words)
        assert sender_of(alert, runtime.keys) == PHONE
        assert alert.place_id == "riverside"
    (letter,) = joined.mail.glob("*.eml")
    assert words not in letter.read_text()
    assert PHONE not in letter.read_text()


def test_signposts_go_out_once_a_day_but_every_alert_is_raised(runtime, joined):
    assert len(joined.text(PHONE, "I want to die")) == 1
    assert joined.text(PHONE, "I want to die") == []
    runtime.clock.advance(hours=25)
    assert len(joined.text(PHONE, "I want to die")) == 1
    with runtime.database.reading() as session:
        assert len(open_alerts(session)) == 3


def test_danger_and_a_stop_in_one_text_are_both_acted_on(runtime, phone):
    phone("1")
    said = phone("stop texting me i want to die")
    assert any("116 123" in text for text in said)
    with runtime.database.reading() as session:
        assert len(open_alerts(session)) == 1
        assert is_suppressed(session, phone_index(runtime.keys, PHONE))


def test_a_stranger_is_told_once_a_day_what_this_number_is_for(runtime, joined):
    stranger = "+447700900777"
    assert joined.text(stranger, "4") == [runtime.wording.text("no_survey")]
    assert joined.text(stranger, "hello?") == []
    assert answers(runtime) == {}


def test_after_the_end_a_person_hears_once_that_we_have_their_answers(runtime, phone):
    for _ in range(len(items(runtime)) + 1):
        phone("1")
    assert phone("2") == [runtime.wording.text("finished_already")]
    assert phone("2") == []
    assert set(answers(runtime).values()) == {1}


def test_an_automatic_reply_gets_no_reply(phone):
    phone("1")
    assert phone("Auto reply: I am driving right now and will get back to you") == []


def test_a_wrong_number_is_given_up_without_taking_back_the_persons_consent(runtime, phone):
    (said,) = phone("wrong number")
    assert said == runtime.wording.text("wrong_person")
    assert [row.consent for row in rows(runtime, Participant)] == [Consent.GIVEN]
    with runtime.database.reading() as session:
        assert is_suppressed(session, phone_index(runtime.keys, PHONE))


def test_words_and_numbers_are_nowhere_readable_in_the_database(runtime, phone):
    phone("1")
    phone("purple monkey")
    for row in rows(runtime, InboundMessage):
        assert b"monkey" not in row.words_sealed
    for row in rows(runtime, Message):
        assert PHONE.encode() not in row.address_sealed
        assert "/s/" not in row.body
        assert row.state is MessageState.ACCEPTED

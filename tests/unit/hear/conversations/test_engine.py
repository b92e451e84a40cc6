"""How conversations begin, end, queue and change their language."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Consent, Participant
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.responses.tables import Answer
from survey_app.hear.safeguarding.tables import Alert
from tests.line import PHONE

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def put_out(line, kind):
    """Put a message beside those of the conversation, as rounds and the outbox do."""
    message = Message(
        key=f"{kind}:1", kind=kind, medium=Medium.TEXT, address_sealed=b"",
        address_index=phone_index(line.runtime.keys, PHONE), body="Reply 1 to go on", attempts=1,
        state=MessageState.ACCEPTED, not_before=line.clock(), callback_token="t" * 22,
        delivery_rank=0, created_at=line.clock(), sent_at=line.clock(),
    )  # fmt: skip
    line.session.add(message)
    return message


def test_reply_1_to_go_on_after_a_reminder_is_no_answer(line):
    line.invite()
    line.say("1")
    line.dispatch()
    line.clock.advance(days=2)
    put_out(line, MessageKind.REMINDER)
    (again,) = line.say("1")
    assert again.startswith("1/6")
    assert line.answers() == {}
    line.say("1")
    assert line.answers() == {"life": 1}


def test_a_1_after_an_invitation_that_was_lost_and_is_sent_once_more_is_no_answer_either(line):
    line.invite()
    lost = put_out(line, MessageKind.INVITE)
    line.session.flush()
    line.say("1")
    line.dispatch()
    line.clock.advance(minutes=15)
    lost.sent_at = line.clock()
    line.session.flush()
    (again,) = line.say("1")
    assert again.startswith("1/6")
    assert line.answers() == {}


def test_the_next_survey_of_a_shared_phone_waits_and_goes_by_its_title(line):
    line.invite()
    line.say("1")
    line.clock.advance(minutes=5)
    line.invite(invited_at=line.clock())
    said = [line.say("3") for _ in range(6)][-1]
    assert said[-1].startswith("There is one more survey for this phone")
    assert line.runtime.library.get("pulse-user-6", 1).title in said[-1]
    assert line.states() == [ConversationState.COMPLETED]
    (asked,) = line.say("1")
    assert asked.startswith("1/6")
    line.say("2")
    assert line.states() == [ConversationState.COMPLETED, ConversationState.ACTIVE]
    assert sorted(line.session.scalars(sa.select(Answer.code))) == [2, 3, 3, 3, 3, 3, 3]


def test_another_language_that_we_have_is_spoken_from_then_on(line):
    invitation = line.invite()
    line.say("1")
    (asked,) = line.say("in polish please")
    assert asked.startswith("1/6")
    assert line.session.get(Invitation, invitation.id).language == "pl"
    (onward,) = line.say("3")
    assert onward.startswith("Mamy 3") or "2/6" in onward
    (sorry,) = line.say("do you have klingon")
    assert "1/6" not in sorry


def test_a_wrong_number_ends_everything_and_tells_whoever_keeps_the_list(line):
    line.invite()
    line.say("1")
    (said,) = line.say("wrong number")
    assert said == line.runtime.wording.text("wrong_person")
    assert line.states() == [ConversationState.WRONG_PERSON]
    assert line.session.scalars(sa.select(Participant.consent)).all() == [Consent.GIVEN]
    assert is_suppressed(line.session, phone_index(line.runtime.keys, PHONE))
    (told,) = [row for row in line.messages() if row.medium is Medium.EMAIL]
    reference = line.session.scalars(sa.select(Participant.reference)).one()
    assert reference in told.body
    assert "wrong number" not in told.body
    assert PHONE not in told.body
    assert line.session.scalars(sa.select(Alert)).all() == []


def test_nothing_is_said_back_of_somebody_who_has_died(line):
    line.invite()
    assert line.say("he passed away last month") == []
    assert line.states() == [ConversationState.WRONG_PERSON]
    assert len([row for row in line.messages() if row.medium is Medium.EMAIL]) == 1


def test_after_danger_nothing_is_asked_until_the_person_answers_again(line):
    line.invite()
    line.say("1")
    line.say("3")
    (signpost,) = line.say("i want to die")
    assert "116 123" in signpost
    assert line.states() == [ConversationState.HANDED_OVER]
    line.wait(days=3)
    assert line.unasked() == []
    assert line.say("thank you dear") == []
    asked = line.say("2") + line.say("2")
    assert "6" in asked[-1]
    assert line.states() == [ConversationState.ACTIVE]
    assert line.answers()["info"] == 2


def test_machines_that_answer_us_are_not_answered_for_ever(line):
    line.invite()
    line.say("1")
    said = [line.say("who is this") for _ in range(8)]
    assert [len(texts) for texts in said][:3] == [1, 1, 1]
    assert said[-1] == []


def test_many_different_unread_texts_get_six_replies_in_ten_minutes_at_most(line):
    line.invite()
    said = [line.say(f"help {word}" if n % 2 else "help") for n, word in enumerate("abcdefghij")]
    assert sum(len(texts) for texts in said) <= 6


def test_a_number_after_not_now_asks_the_question_again_and_is_no_refusal(line):
    line.invite()
    line.say("1")
    line.say("not now")
    (asked,) = line.say("2")
    assert asked.startswith("1/")
    assert line.answers() == {}

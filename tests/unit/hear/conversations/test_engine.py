"""The rules of the conversation engine, one a test, against turns and timers without a provider."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.tables import Conversation, ConversationState
from survey_app.hear.conversations.turns import Conversing, take_turn
from survey_app.hear.conversations.waking import wake
from survey_app.hear.reading.model import Intent
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.settling import settle
from survey_app.hear.responses.submission import Submission
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState, SubmissionRow
from survey_app.hear.safeguarding.tables import Alert
from tests import factories

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PHONE = "+447700900123"
UNASKED = (MessageKind.INVITE, MessageKind.REMINDER)


class Line:
    """One phone and our number, with a provider that takes what is due whenever it is let."""

    def __init__(self, session, runtime):
        self.session, self.runtime, self.clock = session, runtime, runtime.clock
        self.needs = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
        self.numbers = itertools.count(1)
        place = factories.make_place(session)
        self.campaign = factories.make_campaign(session, places=[place])
        self.place = place

    def invite(self, **more):
        person = factories.make_participant(
            self.session, self.runtime.keys, place=self.place, phone=PHONE, channel=ChannelChoice.TEXT
        )
        invitation, _ = factories.make_invitation(
            self.session, self.runtime.keys, campaign=self.campaign, participant=person, **more
        )
        return invitation

    def say(self, body, *, after=10.0, dispatch=True, **more):
        """Text us some seconds after everything that waited was taken; return what we say to it."""
        if dispatch:
            self.dispatch()
            self.clock.advance(seconds=after)
        n_before = self.n_messages()
        ours = self.runtime.settings.twilio_number
        inbound = Inbound(f"SM{next(self.numbers):032}", PHONE, ours, body, self.clock(), **more)
        self.intent = take_turn(self.session, inbound, self.needs)
        self.session.expire_all()
        return [row.body for row in self.messages()[n_before:] if row.medium is not Medium.EMAIL]

    def dispatch(self):
        for row in self.messages():
            if row.state is MessageState.PENDING and row.not_before <= self.clock():
                row.state, row.sent_at, row.provider_id = MessageState.ACCEPTED, self.clock(), f"OUT{row.id}"
        self.session.flush()

    def wait(self, **length):
        """Let time go by, with the clock process awake every hour of it."""
        self.dispatch()
        until = self.clock() + dt.timedelta(**length)
        while self.clock() < until:
            self.clock.set(min(until, self.clock() + dt.timedelta(hours=1)))
            wake(self.session, self.needs, self.clock())
            self.dispatch()
        self.session.expire_all()

    def tap_on_the_web(self, invitation, **answers):
        origin = origin_of(invitation, self.session.get(Campaign, invitation.campaign_id), self.runtime.keys)
        self.clock.advance(minutes=1)
        given = {f"ex.{item}": code for item, code in answers.items()}
        key = f"web{next(self.numbers)}"
        accept(self.session, Submission(Channel.WEB, key, origin, given, self.clock()), self.runtime.library)
        self.session.expire_all()

    def messages(self):
        return self.session.scalars(sa.select(Message).order_by(Message.id)).all()

    def n_messages(self):
        return len(self.messages())

    def unasked(self):
        return [row for row in self.messages() if row.kind in UNASKED]

    def answers(self):
        query = sa.select(Answer.item_id, Answer.code).order_by(Answer.answered_at, Answer.item_id)
        return {item.removeprefix("ex."): code for item, code in self.session.execute(query)}

    def states(self):
        return self.session.scalars(sa.select(Conversation.state).order_by(Conversation.id)).all()


@pytest.fixture
def line(runtime):
    with runtime.database.writing() as session:
        yield Line(session, runtime)


def test_a_reply_within_three_seconds_of_the_next_question_corrects_the_one_before(line):
    line.invite()
    line.say("1")
    line.say("3")
    (again,) = line.say("4", after=2)
    assert line.answers() == {"life": 4}
    assert again.startswith("Got 4")
    assert "2/6" in again
    line.say("2")
    assert line.answers() == {"life": 4, "info": 2}


def test_the_same_reply_twice_at_once_changes_nothing_and_says_nothing(line):
    line.invite()
    line.say("1")
    line.say("3")
    assert line.say("3", dispatch=False) == []
    assert line.answers() == {"life": 3}


def test_a_question_that_may_not_have_got_out_is_asked_again_and_nothing_is_stored(line):
    line.invite()
    line.say("1")
    line.say("3")
    lost = line.messages()[-1]
    lost.state, lost.sent_at = MessageState.UNKNOWN, line.clock()
    line.clock.advance(minutes=1)
    (again,) = line.say("2", dispatch=False)
    assert "2/6" in again
    assert line.answers() == {"life": 3}


def test_back_and_a_number_at_once_change_the_answer_before(line):
    line.invite()
    line.say("1")
    line.say("3")
    line.say("back")
    line.say("4", dispatch=False)
    assert line.answers() == {"life": 4}


def test_reply_1_to_go_on_after_a_reminder_is_no_answer(line):
    line.invite()
    line.say("1")
    line.dispatch()
    line.clock.advance(days=2)
    line.session.add(
        Message(
            key="reminder:1", kind=MessageKind.REMINDER, medium=Medium.TEXT, address_sealed=b"",
            address_index=phone_index(line.runtime.keys, PHONE), body="Reply 1 to go on", attempts=1,
            state=MessageState.ACCEPTED, not_before=line.clock(), callback_token="t" * 22,
            delivery_rank=0, created_at=line.clock(), sent_at=line.clock(),
        )
    )  # fmt: skip
    (again,) = line.say("1")
    assert again.startswith("1/6")
    assert line.answers() == {}
    line.say("1")
    assert line.answers() == {"life": 1}


def test_several_values_answer_the_open_question_and_those_after_it_in_order(line):
    line.invite()
    line.say("1")
    (onward,) = line.say("4 3 2")
    assert line.intent is Intent.MULTI
    assert line.answers() == {"life": 4, "info": 3, "say": 2}
    assert "4/6" in onward


def test_several_values_are_asked_about_again_where_one_does_not_fit(line):
    line.invite()
    line.say("1")
    (again,) = line.say("4 3 9")
    assert "one number" in again
    assert line.answers() == {}


def test_not_now_gets_one_question_the_next_day_and_no_other_reminder(line):
    invitation = line.invite()
    line.say("1")
    line.say("3")
    line.say("not now")
    assert line.states() == [ConversationState.PAUSED]
    line.wait(hours=40)
    (asked,) = line.unasked()
    assert "2/6" in asked.body
    assert asked.not_before.hour in range(8, 20)
    assert line.states() == [ConversationState.ACTIVE]
    line.say("4")
    assert line.answers() == {"life": 3, "info": 4}
    line.wait(days=5)
    assert len(line.unasked()) == 1
    assert line.session.get(Invitation, invitation.id).reminded_at is not None


def test_who_goes_on_before_the_snooze_is_over_is_not_asked_again_by_it(line):
    line.invite()
    line.say("later")
    line.say("1")
    line.say("3")
    line.wait(hours=23)
    assert line.unasked() == []


def test_no_is_not_asked_again_and_may_still_change_their_mind(line):
    invitation = line.invite()
    line.say("no")
    assert line.states() == [ConversationState.DECLINED]
    line.wait(days=5)
    assert line.unasked() == []
    assert line.session.get(Invitation, invitation.id).reminded_at is not None
    (asked,) = line.say("1")
    assert asked.startswith("1/6")


def test_a_half_finished_survey_is_nudged_once_after_a_day_of_silence_by_day(line):
    line.invite()
    line.say("1")
    line.say("3")
    line.wait(hours=20)
    assert line.unasked() == []
    line.say("2")
    line.wait(days=8)
    (nudge,) = line.unasked()
    assert nudge.body.startswith("You can still finish")
    assert "3/6" in nudge.body
    assert 8 <= nudge.not_before.hour < 20
    line.say("1")
    assert line.answers() == {"life": 3, "info": 2, "say": 1}


def test_a_survey_already_reminded_is_not_nudged(line):
    invitation = line.invite()
    line.say("1")
    invitation.reminded_at = line.clock()
    line.wait(days=3)
    assert line.unasked() == []


def test_a_conversation_whose_question_was_refused_is_undeliverable_and_not_nudged(line):
    line.invite()
    line.say("1")
    line.messages()[-1].state = MessageState.REJECTED
    line.wait(days=3)
    assert line.states() == [ConversationState.UNDELIVERABLE]
    assert line.unasked() == []


def test_a_conversation_ends_with_its_invitation_and_nobody_hears_of_it(line):
    invitation = line.invite()
    line.say("1")
    invitation.reminded_at = line.clock()
    n_before = line.n_messages()
    line.wait(days=15)
    assert line.states() == [ConversationState.EXPIRED]
    assert line.n_messages() == n_before


def test_one_clear_answer_is_kept_within_four_days_of_the_end_and_flagged(line):
    line.invite()
    line.say("1")
    line.say("3")
    line.wait(days=15)
    settle(line.session, line.clock())
    (kept,) = line.say("4")
    assert "kept" in kept
    assert line.answers() == {"life": 3, "info": 4}
    query = sa.select(SubmissionRow.late).order_by(SubmissionRow.id)
    assert line.session.scalars(query).all() == [False, True]
    (closed,) = line.say("2")
    assert closed == line.runtime.wording.text("late_closed")
    assert line.answers() == {"life": 3, "info": 4}
    line.wait(days=4)
    (settled,) = settle(line.session, line.clock())
    assert settled.settled_at > line.clock() - dt.timedelta(days=2)
    assert line.session.scalars(sa.select(Response.state)).all() == [ResponseState.EXPIRED]


def test_a_late_reply_that_is_not_clear_is_not_kept(line):
    line.invite()
    line.say("1")
    line.wait(days=15)
    (closed,) = line.say("maybe 2 or 3")
    assert closed == line.runtime.wording.text("late_closed")
    assert line.answers() == {}


def test_what_was_answered_on_the_web_is_not_asked_by_text(line):
    invitation = line.invite()
    line.say("1")
    line.say("3")
    waiting = line.messages()[-1]
    line.tap_on_the_web(invitation, info=2, say=1)
    assert waiting.state is MessageState.WITHDRAWN
    (onward,) = line.say("4")
    assert "4/6" in onward
    assert line.answers() == {"life": 3, "info": 2, "say": 1}


def test_a_reply_on_another_channel_gets_the_open_question_there_first(line):
    line.invite()
    line.say("1")
    line.say("3")
    (asked,) = line.say("2", channel=Channel.WHATSAPP)
    assert "2/6" in asked
    assert line.messages()[-1].medium is Medium.WHATSAPP
    assert line.answers() == {"life": 3}
    line.say("2", channel=Channel.WHATSAPP)
    assert line.answers() == {"life": 3, "info": 2}
    assert line.session.scalars(sa.select(Response.channel)).all() == [Channel.WHATSAPP]


def test_a_tapped_button_answers_the_question_it_stands_under(line):
    line.invite()
    line.say("1", channel=Channel.WHATSAPP)
    first = line.messages()[-1].callback_token
    line.say("Mostly", channel=Channel.WHATSAPP, button_payload=f"a:{first}:3")
    assert line.answers() == {"life": 3}
    (changed,) = line.say("Yes fully", channel=Channel.WHATSAPP, button_payload=f"a:{first}:4")
    assert line.answers() == {"life": 4}
    assert "2/6" in changed


def test_a_button_that_was_never_sent_to_this_phone_answers_nothing(line):
    line.invite()
    line.say("1", channel=Channel.WHATSAPP)
    (again,) = line.say("Mostly", channel=Channel.WHATSAPP, button_payload=f"a:{'x' * 22}:3")
    assert again.startswith("1/6")
    assert line.answers() == {}


def test_a_reply_to_an_earlier_message_changes_that_answer(line):
    line.invite()
    line.say("1", channel=Channel.WHATSAPP)
    line.dispatch()
    first = line.messages()[-1].provider_id
    line.say("3", channel=Channel.WHATSAPP)
    line.say("2", channel=Channel.WHATSAPP)
    line.say("1", channel=Channel.WHATSAPP, replied_to=first)
    assert line.answers() == {"life": 1, "info": 2}


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


def test_a_key_on_the_phone_answers_only_the_question_of_its_own_turn(line):
    line.invite()
    line.say("1", channel=Channel.VOICE, turn=0)
    line.say("3", channel=Channel.VOICE, turn=1)
    line.say("3", channel=Channel.VOICE, turn=1)
    assert line.answers() == {"life": 3}

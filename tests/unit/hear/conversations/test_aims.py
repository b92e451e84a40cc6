"""Which question a reply answers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.ask.sending.tables import Medium, MessageState
from survey_app.hear.reading.model import Intent
from survey_app.hear.responses.tables import Channel, Response

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


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


def test_after_a_correction_a_question_answered_on_the_web_is_not_asked_again(line):
    invitation = line.invite()
    line.say("1")
    line.say("3")
    line.tap_on_the_web(invitation, info=2)
    (onward,) = line.say("sorry i meant 4")
    assert "3/6" in onward
    assert line.answers() == {"info": 2, "life": 4}


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


def test_a_key_on_the_phone_answers_only_the_question_of_its_own_turn(line):
    line.invite()
    line.say("1", channel=Channel.VOICE, turn=0)
    line.say("3", channel=Channel.VOICE, turn=1)
    line.say("3", channel=Channel.VOICE, turn=1)
    assert line.answers() == {"life": 3}

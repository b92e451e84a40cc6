"""What falls due for a conversation, and what comes too late."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.sending.tables import MessageState
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.responses.settling import settle
from survey_app.hear.responses.tables import Response, ResponseState, SubmissionRow

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


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

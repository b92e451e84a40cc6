"""What may still leave once a conversation has gone on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.hear.conversations.awaiting import is_awaited
from survey_app.hear.conversations.saying import Asked, asked_by
from survey_app.hear.conversations.tables import Conversation, ConversationState

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def question(line):
    line.invite()
    line.say("1")
    return line.messages()[-1]


def awaits(line, message):
    return is_awaited(line.session, message.key, message.invitation_id)


def test_a_question_is_awaited_until_another_is_asked(line):
    first = question(line)
    assert awaits(line, first)
    line.say("3")
    assert not awaits(line, first)
    assert awaits(line, line.messages()[-1])


@pytest.mark.parametrize("said", ["not interested", "not now", "i want to die"])
def test_nothing_is_awaited_after_a_no_or_a_cry_for_help(line, said):
    asked = question(line)
    line.say(said)
    assert not awaits(line, asked)


@pytest.mark.parametrize(
    ("said", "awaited"), [("not interested", False), ("i want to die", False), ("1", True)]
)
def test_an_invitation_is_not_sent_again_to_whoever_said_no(line, said, awaited):
    invitation = line.invite()
    line.say(said)
    assert is_awaited(line.session, f"invite:{invitation.id}~2", invitation.id) is awaited


def test_a_question_that_was_not_reached_is_awaited_unless_another_survey_has_begun(line):
    asked = question(line)
    line.session.execute(sa.update(Conversation).values(state=ConversationState.UNDELIVERABLE))
    assert awaits(line, asked)
    line.invite()
    line.say("1")
    assert not awaits(line, asked)


@pytest.mark.parametrize("key", ["question:7:2:ex.life", "question:7:2:ex.life~3"])
def test_the_key_of_a_question_names_it_also_when_it_is_sent_once_more(database, key):
    del database
    assert asked_by(key) == Asked(7, 2, "ex.life")
